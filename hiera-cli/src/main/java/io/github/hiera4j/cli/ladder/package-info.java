/** Commands that measure Hiera beside the models that it was made from and is compared with. */
@NullMarked
package io.github.hiera4j.cli.ladder;

import org.jspecify.annotations.NullMarked;
