/** What the processes of a training did in some steps, on one clock: recorded, summed up, written as files. Knows nothing of runs. */
@NullMarked
package io.github.hiera4j.train.trace;

import org.jspecify.annotations.NullMarked;
