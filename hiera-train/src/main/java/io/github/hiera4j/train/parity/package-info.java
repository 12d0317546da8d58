/** Compares training with the reference's figures: gradients, the loss of every step, final parameters. */
@NullMarked
package io.github.hiera4j.train.parity;

import org.jspecify.annotations.NullMarked;
