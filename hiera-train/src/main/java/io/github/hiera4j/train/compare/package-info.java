/** Compares finished or running training runs: settings that differ, best figures, curves. */
@NullMarked
package io.github.hiera4j.train.compare;

import org.jspecify.annotations.NullMarked;
