/** Products of matrices in float32, by oneDNN where it is faster than libtorch's BLAS. */
@NullMarked
package io.github.hiera4j.torch.product;

import org.jspecify.annotations.NullMarked;
