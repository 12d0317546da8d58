/** Slides a video model over a long video. */
@NullMarked
package io.github.hiera4j.api.insight.timeline;

import org.jspecify.annotations.NullMarked;
