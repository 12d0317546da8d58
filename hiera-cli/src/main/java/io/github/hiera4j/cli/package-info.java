/**
 * The {@code hiera} command: one class per subcommand, each a thin shell over the library.
 *
 * <p>Data goes to standard output, messages to standard error; 0 is success, 1 failure, 2 a usage error.
 */
@NullMarked
package io.github.hiera4j.cli;

import org.jspecify.annotations.NullMarked;
