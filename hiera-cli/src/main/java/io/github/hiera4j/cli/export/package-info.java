/** Commands that write models for other runtimes. */
@NullMarked
package io.github.hiera4j.cli.export;

import org.jspecify.annotations.NullMarked;
