package io.github.hiera4j.api;

import io.github.hiera4j.model.HieraException;
import java.util.List;
import java.util.Optional;

/**
 * What became of one input: a value, or the reason why there is none.
 *
 * @param <T> a result of the model
 * @param input the input as it was given
 * @param value the result; empty after a failure
 * @param failure why there is none; empty after a success
 * @param warnings what was wrong with the input but could be passed over, such as a video that is cut short; one line each
 * @param milliseconds spent on reading and preparing the input, and its share of the model's time
 */
public record MediaResult<T>(
        MediaInput input,
        Optional<T> value,
        Optional<HieraException> failure,
        List<String> warnings,
        double milliseconds) {

    /**
     * Copies the warnings.
     *
     * @param input the input as it was given
     * @param value the result; empty after a failure
     * @param failure why there is none; empty after a success
     * @param warnings what was wrong with the input but could be passed over
     * @param milliseconds spent on the input
     */
    public MediaResult {
        warnings = List.copyOf(warnings);
    }

    static <T> MediaResult<T> success(MediaInput input, T value, List<String> warnings, double milliseconds) {
        return new MediaResult<>(input, Optional.of(value), Optional.empty(), warnings, milliseconds);
    }

    static <T> MediaResult<T> failure(MediaInput input, HieraException reason, double milliseconds) {
        return new MediaResult<>(input, Optional.empty(), Optional.of(reason), List.of(), milliseconds);
    }

    /** {@return the file's path as it was given, or the name that the caller chose} */
    public String name() {
        return input.name();
    }

    /**
     * {@return the value}
     * @throws HieraException the failure, where there is no value
     */
    public T orThrow() {
        return value.orElseThrow(failure::get);
    }
}
