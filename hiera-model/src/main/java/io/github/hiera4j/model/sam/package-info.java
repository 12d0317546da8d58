/**
 * Segment Anything 2 for images: the trunk's neck, the prompt encoder and the mask decoder as graphs, and the surrounding
 * code without networks (coordinates, choice of masks, batches of prompts).
 *
 * <p>Code for pixels, files and drawing does not belong here.
 */
@NullMarked
package io.github.hiera4j.model.sam;

import org.jspecify.annotations.NullMarked;
