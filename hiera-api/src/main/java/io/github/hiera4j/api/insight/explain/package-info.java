/** Which pixels are evidence for a class: Grad-CAM, integrated gradients, occlusion, and curves that check them. */
@NullMarked
package io.github.hiera4j.api.insight.explain;

import org.jspecify.annotations.NullMarked;
