/** What processes agree on before they train together. Knows nothing of runs. */
@NullMarked
package io.github.hiera4j.train.agreement;

import org.jspecify.annotations.NullMarked;
