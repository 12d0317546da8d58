/** Labelled files, the order in which they are shown, and the batches that worker threads make of them. */
@NullMarked
package io.github.hiera4j.train.data;

import org.jspecify.annotations.NullMarked;
