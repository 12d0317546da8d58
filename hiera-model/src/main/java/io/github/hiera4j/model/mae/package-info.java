/**
 * The masked autoencoder for pretraining Hiera (paper §3.2): visible mask units, decoder, pixel targets.
 *
 * <p>It is composed of an encoder and a decoder; this package only builds graphs and index tables.
 */
@NullMarked
package io.github.hiera4j.model.mae;

import org.jspecify.annotations.NullMarked;
