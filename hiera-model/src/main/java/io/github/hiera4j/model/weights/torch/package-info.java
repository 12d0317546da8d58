/**
 * PyTorch checkpoints: zip and legacy archives.
 *
 * <p>Pickles are read by an interpreter that builds only tensors and plain containers; no code in a file is ever run.
 */
@NullMarked
package io.github.hiera4j.model.weights.torch;

import org.jspecify.annotations.NullMarked;
