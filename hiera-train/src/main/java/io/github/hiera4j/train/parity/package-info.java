/** Training against the reference's figures: gradients, losses step by step, parameters at the end. */
@NullMarked
package io.github.hiera4j.train.parity;

import org.jspecify.annotations.NullMarked;
