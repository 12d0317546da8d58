/** Attention and its gradients, with the kernel that is fastest for a device, type and shape. */
@NullMarked
package io.github.hiera4j.torch.attention;

import org.jspecify.annotations.NullMarked;
