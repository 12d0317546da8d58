/**
 * The graph on libtorch: inference sessions, and gradients for training on top of the same kernels.
 *
 * <p>The only module that uses libtorch. Native tensors live in a {@link io.github.hiera4j.torch.TensorScope}; they
 * are visible outside only to training code that requests one by name.
 */
@NullMarked
package io.github.hiera4j.torch;

import org.jspecify.annotations.NullMarked;
