/** Attention probabilities of a model in image coordinates. */
@NullMarked
package io.github.hiera4j.api.insight.attention;

import org.jspecify.annotations.NullMarked;
