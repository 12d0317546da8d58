/** Reconstructions of pictures and clips by a masked autoencoder. */
@NullMarked
package io.github.hiera4j.api.insight.reconstruct;

import org.jspecify.annotations.NullMarked;
