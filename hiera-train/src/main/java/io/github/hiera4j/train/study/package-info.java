/**
 * Trainings that are compared: the same data and budget for every variant, several seeds, resumable. Knows runs, not how they are shown.
 */
@NullMarked
package io.github.hiera4j.train.study;

import org.jspecify.annotations.NullMarked;
