package io.github.hiera4j.api.internal;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.tensor.HostTensor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One input and the progress of {@link ReadAhead} on it. Guarded by the lock of its {@link ReadAhead}, except for the reader. */
final class Reading<I> {
    final I input;
    final Deque<HostTensor> ready = new ArrayDeque<>();

    /** Used by the thread that reads the next chunk. */
    private @Nullable ChunkReader reader;

    @Nullable
    HieraException failure;

    boolean started;
    boolean running;
    boolean finished;
    long nanoseconds;
    List<String> warnings = List.of();
    private int nextChunk;

    Reading(I input) {
        this.input = input;
    }

    /** Reads the next chunk; the first call opens the input. */
    HostTensor readNext(ReadPlan<I> plan, HostTensor target) {
        ChunkReader source = reader;
        if (source == null) {
            source = plan.open().apply(input);
            reader = source;
        }
        HostTensor chunk = source.read(nextChunk, target);
        nextChunk++;
        return chunk;
    }

    /** Returns whether all chunks have been read, or the input could not be opened. */
    boolean isAtEnd() {
        return reader == null || nextChunk == reader.chunks();
    }

    List<String> readerWarnings() {
        return reader == null ? List.of() : reader.warnings();
    }

    /**
     * Closes the input.
     *
     * @param failure an earlier failure, if any
     * @return the first failure, including that of closing
     */
    @Nullable
    Throwable close(@Nullable Throwable failure) {
        ChunkReader source = reader;
        reader = null;
        try {
            if (source != null) {
                source.close();
            }
            return failure;
        } catch (RuntimeException thrown) {
            return failure == null ? thrown : failure;
        }
    }
}
