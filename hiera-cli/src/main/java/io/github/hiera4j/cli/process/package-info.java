/** Process-level concerns of the command line: handling of signals and memory use. Commands must not enter. */
@NullMarked
package io.github.hiera4j.cli.process;

import org.jspecify.annotations.NullMarked;
