/**
 * Weights in files: formats, key styles, configurations and reports of what fitted.
 *
 * <p>Everything read here is hostile until proven otherwise: sizes are checked before memory is taken, and no pickle can
 * name anything but tensors and plain containers.
 */
@NullMarked
package io.github.hiera4j.model.weights;

import org.jspecify.annotations.NullMarked;
