/** Commands that compare Hiera with the models that it was derived from and with its competitors. */
@NullMarked
package io.github.hiera4j.cli.ladder;

import org.jspecify.annotations.NullMarked;
