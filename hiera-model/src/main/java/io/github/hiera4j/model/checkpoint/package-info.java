/**
 * Checkpoints as a whole: weights, key style and configuration of a file or directory, read and written.
 *
 * <p>{@link Checkpoint} is the entry point.
 */
@NullMarked
package io.github.hiera4j.model.checkpoint;

import org.jspecify.annotations.NullMarked;
