/** The gradient of a graph on libtorch: operations write what they need onto a tape, which is played back. */
@NullMarked
package io.github.hiera4j.torch.tape;

import org.jspecify.annotations.NullMarked;
