/** How training scales to more machines: arithmetic on what was measured, and the measurement of how fast samples load. */
@NullMarked
package io.github.hiera4j.train.scale;

import org.jspecify.annotations.NullMarked;
