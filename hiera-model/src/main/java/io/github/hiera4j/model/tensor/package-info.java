/** Tensors in host memory: element types, shapes and direct buffers. Every backend exchanges these and nothing else. */
@NullMarked
package io.github.hiera4j.model.tensor;

import org.jspecify.annotations.NullMarked;
