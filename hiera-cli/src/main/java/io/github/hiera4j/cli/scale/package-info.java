/** Commands for training in several processes. */
@NullMarked
package io.github.hiera4j.cli.scale;

import org.jspecify.annotations.NullMarked;
