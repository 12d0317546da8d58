/** Figures of the paper for comparison with measurements. */
@NullMarked
package io.github.hiera4j.bench.paper;

import org.jspecify.annotations.NullMarked;
