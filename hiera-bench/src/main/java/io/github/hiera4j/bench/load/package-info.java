/** Busy processes during a measurement, and the remaining speed. Nothing about models belongs here. */
@NullMarked
package io.github.hiera4j.bench.load;

import org.jspecify.annotations.NullMarked;
