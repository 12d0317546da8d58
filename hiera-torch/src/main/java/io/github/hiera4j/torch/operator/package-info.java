/** Operations that libtorch's C++ interface hides, or that libtorch computes slowly. */
@NullMarked
package io.github.hiera4j.torch.operator;

import org.jspecify.annotations.NullMarked;
