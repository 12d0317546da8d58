/** Gradients of a graph on libtorch: operations record what they need on a tape, which is then processed in reverse. */
@NullMarked
package io.github.hiera4j.torch.tape;

import org.jspecify.annotations.NullMarked;
