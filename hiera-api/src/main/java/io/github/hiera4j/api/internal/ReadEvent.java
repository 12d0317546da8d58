package io.github.hiera4j.api.internal;

import io.github.hiera4j.model.tensor.HostTensor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An event for the consumer.
 *
 * @param reading the input; null when idle and at the end
 * @param chunk its next chunk, which the consumer releases with {@link ReadAhead#release}
 */
record ReadEvent<I>(
        Kind kind, @Nullable Reading<I> reading, @Nullable HostTensor chunk) {
    Reading<I> input() {
        return Objects.requireNonNull(reading);
    }

    HostTensor tensor() {
        return Objects.requireNonNull(chunk);
    }

    /** The kind of event. */
    enum Kind {
        /** A chunk of the input is ready. */
        CHUNK,
        /** All chunks of the input have been taken, or it failed. */
        END_OF_INPUT,
        /** No further input has been listed for a while. */
        IDLE,
        /** There are no further inputs. */
        END
    }
}
