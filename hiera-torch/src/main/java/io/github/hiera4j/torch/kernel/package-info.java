/** Products and norms by oneDNN, where it is faster than what libtorch contains. */
@NullMarked
package io.github.hiera4j.torch.kernel;

import org.jspecify.annotations.NullMarked;
