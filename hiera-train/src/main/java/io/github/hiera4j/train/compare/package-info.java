/** Finished or running trainings side by side: settings that differ, best figures, curves. */
@NullMarked
package io.github.hiera4j.train.compare;

import org.jspecify.annotations.NullMarked;
