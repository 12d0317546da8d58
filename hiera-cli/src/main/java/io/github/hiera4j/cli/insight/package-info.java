/** Commands that visualise the inside of a model. The library's package {@code api.insight} does the computation. */
@NullMarked
package io.github.hiera4j.cli.insight;

import org.jspecify.annotations.NullMarked;
