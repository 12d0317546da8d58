package io.github.hiera4j.spark.executor;

import io.github.hiera4j.api.MediaResult;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.Printable;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The result of a row: values, or an error.
 *
 * @param values one per column of results; null after an error
 * @param error one line; null if there are values
 * @param warnings one line each
 */
@SuppressWarnings("ArrayRecordComponent")
record MediaRow(Object @Nullable [] values, @Nullable String error, List<String> warnings) {
    static MediaRow of(List<String> warnings, Object... values) {
        return new MediaRow(values, null, warnings);
    }

    static MediaRow failed(HieraException failure) {
        return new MediaRow(null, Printable.message(String.valueOf(failure.getMessage())), List.of());
    }

    static <T> MediaRow of(MediaResult<T> result, Function<T, Object[]> columns) {
        return result.failure()
                .map(MediaRow::failed)
                .orElseGet(() -> new MediaRow(columns.apply(result.orThrow()), null, result.warnings()));
    }
}
