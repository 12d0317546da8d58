/**
 * The masked autoencoder that pretrains Hiera (paper §3.2): which mask units are visible, decoder, pixel targets.
 *
 * <p>Composed of an encoder and a decoder; only graphs and index tables are built here.
 */
@NullMarked
package io.github.hiera4j.model.mae;

import org.jspecify.annotations.NullMarked;
