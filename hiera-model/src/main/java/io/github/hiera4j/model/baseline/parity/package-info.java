/** The figures of the baselines' references: cases of several graphs to a file, and counts of parameters and multiplications. */
@NullMarked
package io.github.hiera4j.model.baseline.parity;

import org.jspecify.annotations.NullMarked;
