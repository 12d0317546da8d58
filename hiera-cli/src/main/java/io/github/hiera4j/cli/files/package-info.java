/** Expansion of input file arguments and naming of output files. Models and results must not enter. */
@NullMarked
package io.github.hiera4j.cli.files;

import org.jspecify.annotations.NullMarked;
