package io.github.hiera4j.api.internal;

import io.github.hiera4j.model.tensor.Shape;
import java.util.function.Function;

/**
 * The plan for reading inputs ahead.
 *
 * @param <I> an input
 * @param chunkShape the shape of every chunk, or of the largest one
 * @param open opens an input
 * @param name returns the name of an input in messages
 * @param workers number of inputs that are read at once, 1 or more
 * @param batch views that the model computes at once, 1 or more
 * @param memoryBytes memory limit of all chunks together; one chunk is always allowed
 */
public record ReadPlan<I>(
        Shape chunkShape,
        Function<I, ChunkReader> open,
        Function<I, String> name,
        int workers,
        int batch,
        long memoryBytes) {}
