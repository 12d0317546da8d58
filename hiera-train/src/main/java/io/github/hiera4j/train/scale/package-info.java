/** Estimates how training scales to more machines, from measurements, and measures how fast samples load. */
@NullMarked
package io.github.hiera4j.train.scale;

import org.jspecify.annotations.NullMarked;
