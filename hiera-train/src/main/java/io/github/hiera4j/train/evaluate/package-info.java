/**
 * Evaluation of models and checkpoints on held-out samples.
 */
@NullMarked
package io.github.hiera4j.train.evaluate;

import org.jspecify.annotations.NullMarked;
