/**
 * Segment Anything 2 for images: the trunk's neck, the prompt encoder and the mask decoder as graphs, and the rules around them
 * that need no network (coordinates, choice of masks, prompts in batches).
 *
 * <p>Pixels, files and drawings do not belong here.
 */
@NullMarked
package io.github.hiera4j.model.sam;

import org.jspecify.annotations.NullMarked;
