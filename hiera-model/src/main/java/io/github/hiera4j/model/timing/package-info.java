/** Repeated time measurements and their statistics, as reported by every benchmark. */
@NullMarked
package io.github.hiera4j.model.timing;

import org.jspecify.annotations.NullMarked;
