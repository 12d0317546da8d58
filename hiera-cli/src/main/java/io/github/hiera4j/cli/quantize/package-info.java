/** The command that quantises a checkpoint. */
@NullMarked
package io.github.hiera4j.cli.quantize;

import org.jspecify.annotations.NullMarked;
