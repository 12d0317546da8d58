/** Commands that train: they parse options, start a run and print its progress. */
@NullMarked
package io.github.hiera4j.cli.train;

import org.jspecify.annotations.NullMarked;
