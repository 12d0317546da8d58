/**
 * Training objectives: classification and masked autoencoding.
 */
@NullMarked
package io.github.hiera4j.train.objective;

import org.jspecify.annotations.NullMarked;
