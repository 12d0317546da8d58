/**
 * Hiera itself, in the order of the paper: configuration, plan of the blocks, token order, attention, encoder, head.
 *
 * <p>This package only builds graphs. It does not compute with tensor values.
 */
@NullMarked
package io.github.hiera4j.model.network;

import org.jspecify.annotations.NullMarked;
