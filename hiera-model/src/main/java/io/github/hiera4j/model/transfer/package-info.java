/**
 * Conversion of the weights of one model to those of another: other input sizes, and a classifier's encoder as a trunk for dense
 * prediction.
 *
 * <p>Tensors are converted when they are read, in double precision. The parameters of a model are defined in
 * {@code network}, {@code mae} and {@code hieradet}.
 */
@NullMarked
package io.github.hiera4j.model.transfer;

import org.jspecify.annotations.NullMarked;
