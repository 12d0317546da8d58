/** The command that segments images with SAM 2. */
@NullMarked
package io.github.hiera4j.cli.segment;

import org.jspecify.annotations.NullMarked;
