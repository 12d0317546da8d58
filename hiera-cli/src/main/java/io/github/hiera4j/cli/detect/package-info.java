/** Commands for detection. They parse arguments and print results; hiera-detect does the work. */
@NullMarked
package io.github.hiera4j.cli.detect;

import org.jspecify.annotations.NullMarked;
