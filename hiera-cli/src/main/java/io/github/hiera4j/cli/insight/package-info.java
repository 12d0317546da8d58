/** Commands that show what a model sees. What they compute is in the library's package {@code api.insight}. */
@NullMarked
package io.github.hiera4j.cli.insight;

import org.jspecify.annotations.NullMarked;
