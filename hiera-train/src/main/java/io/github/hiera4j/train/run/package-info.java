/** The training loop: steps, evaluation, checkpoints, and resuming after an interruption. */
@NullMarked
package io.github.hiera4j.train.run;

import org.jspecify.annotations.NullMarked;
