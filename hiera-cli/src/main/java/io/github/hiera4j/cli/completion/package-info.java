/** Completion of commands and options in shells. */
@NullMarked
package io.github.hiera4j.cli.completion;

import org.jspecify.annotations.NullMarked;
