/**
 * Processes that train together, over libtorch's collectives. Knows tensors and bytes, nothing of models, data or optimisers.
 */
@NullMarked
package io.github.hiera4j.torch.distributed;

import org.jspecify.annotations.NullMarked;
