/** Figures of the paper that measurements are put beside. */
@NullMarked
package io.github.hiera4j.bench.paper;

import org.jspecify.annotations.NullMarked;
