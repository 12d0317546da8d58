package io.github.hiera4j.media.video;

import io.github.hiera4j.model.DamagedFileException;
import io.github.hiera4j.model.OperationInterruptedException;
import java.time.Duration;
import org.bytedeco.ffmpeg.avformat.AVIOInterruptCB;
import org.bytedeco.javacpp.Pointer;

/**
 * The deadline for the calling thread's wait for a video. FFmpeg checks it while reading, always on the calling thread.
 */
public final class FfmpegDeadline {
    /** Never freed, because native code keeps its address. */
    static final AVIOInterruptCB.Callback_Pointer INTERRUPT = new Interrupt();

    private static final ThreadLocal<FfmpegDeadline> CURRENT = ThreadLocal.withInitial(() -> new FfmpegDeadline());

    private boolean armed;
    private long end;

    private FfmpegDeadline() {}

    /** Restarts the calling thread's wait. */
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

    /** Fails if the calling thread has been interrupted, in which case FFmpeg's errors are not faults of the file. */
    static void checkInterrupt(String name) {
        if (Thread.currentThread().isInterrupted()) {
            throw new OperationInterruptedException(name + ": reading was interrupted");
        }
    }

    private static final class Interrupt extends AVIOInterruptCB.Callback_Pointer {
        @Override
        public int call(Pointer opaque) {
            return CURRENT.get().hasPassed() ? 1 : 0;
        }
    }
}
