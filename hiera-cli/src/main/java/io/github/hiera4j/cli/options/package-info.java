/** Options that several commands share. */
@NullMarked
package io.github.hiera4j.cli.options;

import org.jspecify.annotations.NullMarked;
