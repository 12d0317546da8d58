/** Commands for work that takes more than one process. */
@NullMarked
package io.github.hiera4j.cli.scale;

import org.jspecify.annotations.NullMarked;
