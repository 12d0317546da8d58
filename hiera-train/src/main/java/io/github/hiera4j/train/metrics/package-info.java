/**
 * Measurements during training and evaluation: figures per step, predictions on held-out samples, event files.
 */
@NullMarked
package io.github.hiera4j.train.metrics;

import org.jspecify.annotations.NullMarked;
