/**
 * The models that Hiera is compared with: ViT, MViTv2, and the steps between MViTv2 and Hiera (paper Table 1). Nothing that Hiera
 * itself needs may enter here.
 */
@NullMarked
package io.github.hiera4j.model.baseline;

import org.jspecify.annotations.NullMarked;
