/** Labelled files, the order in which they are shown, and batches made of them on worker threads. */
@NullMarked
package io.github.hiera4j.train.data;

import org.jspecify.annotations.NullMarked;
