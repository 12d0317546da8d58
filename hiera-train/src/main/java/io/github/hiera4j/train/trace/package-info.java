/** Timelines of training steps in all processes, on one clock: recording, summaries, files. Must not depend on runs. */
@NullMarked
package io.github.hiera4j.train.trace;

import org.jspecify.annotations.NullMarked;
