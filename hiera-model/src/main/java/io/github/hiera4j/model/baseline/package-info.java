/**
 * The models that Hiera is compared with: ViT, MViTv2, and the steps between MViTv2 and Hiera (paper Table 1). Code that Hiera
 * itself needs does not belong here.
 */
@NullMarked
package io.github.hiera4j.model.baseline;

import org.jspecify.annotations.NullMarked;
