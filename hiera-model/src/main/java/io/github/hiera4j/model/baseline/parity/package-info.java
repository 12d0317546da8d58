/** Reference figures of the baselines: files with cases for several graphs, and counts of parameters and multiplications. */
@NullMarked
package io.github.hiera4j.model.baseline.parity;

import org.jspecify.annotations.NullMarked;
