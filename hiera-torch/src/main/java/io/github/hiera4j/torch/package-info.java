/**
 * The graph on libtorch: inference sessions here, autograd for training on top of the same kernels.
 *
 * <p>The only package that touches libtorch. Native tensors live in a {@link io.github.hiera4j.torch.TensorScope}; nothing
 * outside sees one but training code that requests it by name.
 */
@NullMarked
package io.github.hiera4j.torch;

import org.jspecify.annotations.NullMarked;
