/**
 * Processes that train together, over libtorch's collectives. Depends on tensors and bytes, not on models, data or optimisers.
 */
@NullMarked
package io.github.hiera4j.torch.distributed;

import org.jspecify.annotations.NullMarked;
