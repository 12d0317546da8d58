/** Output of commands: data on standard output, messages and progress on standard error. */
@NullMarked
package io.github.hiera4j.cli.terminal;

import org.jspecify.annotations.NullMarked;
