/** A first training run without network and data: renders two small data sets, learns them, says honestly what came out. */
@NullMarked
package io.github.hiera4j.train.quickstart;

import org.jspecify.annotations.NullMarked;
