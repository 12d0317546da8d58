/** Parts of a run that do not depend on training: the lock of a directory, figures over the last steps. */
@NullMarked
package io.github.hiera4j.train.run.internal;

import org.jspecify.annotations.NullMarked;
