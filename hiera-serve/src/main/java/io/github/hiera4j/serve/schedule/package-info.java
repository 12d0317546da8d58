/** Threads, queues and batches: all of bounded size. */
@NullMarked
package io.github.hiera4j.serve.schedule;

import org.jspecify.annotations.NullMarked;
