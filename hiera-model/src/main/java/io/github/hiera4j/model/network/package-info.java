/**
 * Hiera itself, top down, as the paper tells it: configuration, plan of the blocks, token order, attention, encoder, head.
 *
 * <p>Only graphs are built here. Nothing in this package computes with tensor values.
 */
@NullMarked
package io.github.hiera4j.model.network;

import org.jspecify.annotations.NullMarked;
