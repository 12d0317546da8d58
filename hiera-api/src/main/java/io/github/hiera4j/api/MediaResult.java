package io.github.hiera4j.api;

import io.github.hiera4j.model.HieraException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * What became of one file: a value, or the reason why there is none.
 *
 * @param file the file as it was given
 * @param value the result; empty after a failure
 * @param failure why there is none; empty after a success
 * @param milliseconds spent on reading and preparing the file, and its share of the model's time
 */
public record MediaResult<T>(Path file, Optional<T> value, Optional<HieraException> failure, double milliseconds) {

    static <T> MediaResult<T> success(Path file, T value, double milliseconds) {
        return new MediaResult<>(file, Optional.of(value), Optional.empty(), milliseconds);
    }

    static <T> MediaResult<T> failure(Path file, HieraException reason) {
        return new MediaResult<>(file, Optional.empty(), Optional.of(reason), 0);
    }

    /** The value; throws the failure where there is none. */
    public T orThrow() {
        return value.orElseThrow(failure::get);
    }

    <R> MediaResult<R> map(Function<T, R> change) {
        return new MediaResult<>(file, value.map(change), failure, milliseconds);
    }
}
