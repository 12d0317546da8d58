/** Commands around detection. They parse and print; the work is hiera-detect's. */
@NullMarked
package io.github.hiera4j.cli.detect;

import org.jspecify.annotations.NullMarked;
