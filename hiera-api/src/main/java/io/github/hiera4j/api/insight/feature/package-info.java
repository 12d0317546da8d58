/** Principal components of feature maps, and similarity of positions. */
@NullMarked
package io.github.hiera4j.api.insight.feature;

import org.jspecify.annotations.NullMarked;
