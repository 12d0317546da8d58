/** A first training run without network access or data: renders two small data sets, trains on them, and reports the results. */
@NullMarked
package io.github.hiera4j.train.quickstart;

import org.jspecify.annotations.NullMarked;
