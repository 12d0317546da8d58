/** The entry point of the server, for programs that start and stop it. */
@NullMarked
package io.github.hiera4j.serve;

import org.jspecify.annotations.NullMarked;
