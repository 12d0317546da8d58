/**
 * The weights of one model as those of another: other input sizes, and a classifier's encoder as a trunk for dense prediction.
 *
 * <p>Tensors are changed when they are read, in double precision. Which parameters a model has is the affair of
 * {@code network}, {@code mae} and {@code hieradet}.
 */
@NullMarked
package io.github.hiera4j.model.transfer;

import org.jspecify.annotations.NullMarked;
