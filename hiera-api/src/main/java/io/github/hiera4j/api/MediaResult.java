package io.github.hiera4j.api;

import io.github.hiera4j.api.internal.Processed;
import io.github.hiera4j.model.HieraException;
import java.util.List;
import java.util.Optional;

/**
 * The result of one input: a value, or the reason why there is none.
 *
 * @param <T> a result of the model
 * @param input the input as it was given
 * @param value the result; empty after a failure
 * @param failure the failure; empty after a success
 * @param warnings faults of the input that did not prevent reading it, such as a truncated video; one line each
 * @param milliseconds spent on reading and preparing the input, plus its share of the model's time
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
     * @param failure the failure; empty after a success
     * @param warnings faults of the input that did not prevent reading it
     * @param milliseconds spent on the input
     */
    public MediaResult {
        warnings = List.copyOf(warnings);
    }

    static <T> MediaResult<T> of(Processed<MediaInput, T> processed) {
        return new MediaResult<>(
                processed.input(),
                Optional.ofNullable(processed.value()),
                Optional.ofNullable(processed.failure()),
                processed.warnings(),
                processed.milliseconds());
    }

    /** {@return the file's path as it was given, or the name that the caller chose} */
    public String name() {
        return input.name();
    }

    /**
     * {@return the value}
     * @throws HieraException the failure, if there is no value
     */
    public T orThrow() {
        return value.orElseThrow(failure::get);
    }
}
