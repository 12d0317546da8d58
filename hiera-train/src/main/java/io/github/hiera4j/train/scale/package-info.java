/** How training scales to more machines: arithmetic on what was measured. Knows nothing of models or data. */
@NullMarked
package io.github.hiera4j.train.scale;

import org.jspecify.annotations.NullMarked;
