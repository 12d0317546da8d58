/** The files that a command line names, and the names of those it writes. Models and results must not enter. */
@NullMarked
package io.github.hiera4j.cli.files;

import org.jspecify.annotations.NullMarked;
