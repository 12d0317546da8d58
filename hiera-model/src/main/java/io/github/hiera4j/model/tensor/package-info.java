/** Tensors in host memory: element types, shapes and direct buffers. Backends exchange only these. */
@NullMarked
package io.github.hiera4j.model.tensor;

import org.jspecify.annotations.NullMarked;
