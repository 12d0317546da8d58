/** Everything that determines a training run, as one table of settings. */
@NullMarked
package io.github.hiera4j.train.recipe;

import org.jspecify.annotations.NullMarked;
