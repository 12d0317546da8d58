/** Repeated time measurements and their statistics: what every benchmark reports. */
@NullMarked
package io.github.hiera4j.model.timing;

import org.jspecify.annotations.NullMarked;
