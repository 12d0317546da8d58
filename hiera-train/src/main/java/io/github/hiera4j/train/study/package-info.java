/**
 * Comparative trainings: the same data and budget for every variant, several seeds, resumable. Does not display results.
 */
@NullMarked
package io.github.hiera4j.train.study;

import org.jspecify.annotations.NullMarked;
