/** Estimates how training scales to more machines, from measurements. Does not depend on models or data. */
@NullMarked
package io.github.hiera4j.train.scale;

import org.jspecify.annotations.NullMarked;
