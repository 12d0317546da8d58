/** The command that serves models over HTTP. */
@NullMarked
package io.github.hiera4j.cli.serve;

import org.jspecify.annotations.NullMarked;
