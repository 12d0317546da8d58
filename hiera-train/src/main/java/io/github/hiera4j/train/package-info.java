/** Training: from files and a recipe to weights, figures and a report. Native code stays in the modules below. */
@NullMarked
package io.github.hiera4j.train;

import org.jspecify.annotations.NullMarked;
