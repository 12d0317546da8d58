/** What a masked autoencoder reconstructs of pictures and clips. */
@NullMarked
package io.github.hiera4j.api.insight.reconstruct;

import org.jspecify.annotations.NullMarked;
