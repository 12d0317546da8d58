package io.github.hiera4j.media.video;

import io.github.hiera4j.model.DamagedFileException;
import io.github.hiera4j.model.OperationInterruptedException;
import java.time.Duration;
import org.bytedeco.ffmpeg.avformat.AVIOInterruptCB;
import org.bytedeco.javacpp.Pointer;

/**
 * The moment at which the calling thread's wait for a video ends. FFmpeg requests it while it reads, always on the thread
 * that called it.
 */
public final class FfmpegDeadline {
    /** Never freed: native code holds its address. */
    static final AVIOInterruptCB.Callback_Pointer INTERRUPT = new Interrupt();

    private static final ThreadLocal<FfmpegDeadline> CURRENT = ThreadLocal.withInitial(() -> new FfmpegDeadline());

    private boolean armed;
    private long end;

    private FfmpegDeadline() {}

    /** Starts the calling thread's wait again. */
    static FfmpegDeadline start(Duration patience) {
        FfmpegDeadline deadline = CURRENT.get();
        deadline.armed = true;
        deadline.end = System.nanoTime() + patience.toNanos();
        return deadline;
    }

    boolean hasPassed() {
        return armed && (System.nanoTime() - end > 0 || Thread.currentThread().isInterrupted());
    }

    /** Fails if the wait is over. */
    void check(String name) {
        checkInterrupt(name);
        if (hasPassed()) {
            throw new DamagedFileException(
                    name + ": gave up waiting for the next video frame: the file is damaged or its disk is too slow");
        }
    }

    /** Fails if the calling thread has been interrupted: whatever FFmpeg then reports is no fault of the file. */
    static void checkInterrupt(String name) {
        if (Thread.currentThread().isInterrupted()) {
            throw new OperationInterruptedException(name + ": reading it was interrupted");
        }
    }

    private static final class Interrupt extends AVIOInterruptCB.Callback_Pointer {
        @Override
        public int call(Pointer opaque) {
            return CURRENT.get().hasPassed() ? 1 : 0;
        }
    }
}
