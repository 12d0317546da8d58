package io.github.hiera4j.api.internal;

import io.github.hiera4j.model.HieraException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of one input of a {@link MediaPipeline}.
 *
 * @param <I> an input
 * @param <R> a result
 * @param input the input
 * @param value the result; null after a failure
 * @param failure the failure; null after a success
 * @param warnings faults of the input that did not prevent reading it
 * @param milliseconds spent on reading the input, plus its share of the model's time
 */
public record Processed<I, R>(
        I input, @Nullable R value, @Nullable HieraException failure, List<String> warnings, double milliseconds) {}
