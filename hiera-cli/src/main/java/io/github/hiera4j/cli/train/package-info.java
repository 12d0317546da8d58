/** The commands that train: they read options, start a run and print how it goes. */
@NullMarked
package io.github.hiera4j.cli.train;

import org.jspecify.annotations.NullMarked;
