/**
 * HieraDet: Hiera as a trunk for dense prediction, with square windows of any size over a raster grid, padding, global blocks
 * and a tiled window embedding (Bolya et al., "Window Attention is Bugged", ICLR 2024; the image encoder of SAM 2).
 *
 * <p>This package only builds graphs, from the same operations as Hiera's.
 */
@NullMarked
package io.github.hiera4j.model.hieradet;

import org.jspecify.annotations.NullMarked;
