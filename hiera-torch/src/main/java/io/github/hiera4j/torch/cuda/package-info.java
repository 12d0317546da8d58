/** CUDA streams and graphs. Requires libtorch's GPU artifacts and {@code org.bytedeco:cuda}; nothing here is used on a CPU. */
@NullMarked
package io.github.hiera4j.torch.cuda;

import org.jspecify.annotations.NullMarked;
