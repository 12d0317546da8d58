/**
 * Named tensors for running a graph, independent of any file format.
 *
 * <p>Every engine reads a {@link WeightSource}. The subpackages read and write file formats
 * ({@code safetensors}, {@code torch}), key styles ({@code keys}) and configuration files ({@code config});
 * {@link io.github.hiera4j.model.checkpoint} combines them. This package must not depend on its subpackages.
 *
 * <p>Everything that is read from a file is untrusted: sizes are checked before memory is allocated, and a pickle can only
 * build tensors and plain containers.
 */
@NullMarked
package io.github.hiera4j.model.weights;

import org.jspecify.annotations.NullMarked;
