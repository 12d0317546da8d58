/**
 * The public API: load a checkpoint, classify, embed, compute feature maps.
 *
 * <p>Plain Java in and out. Nothing here refers to a backend by name or uses native code.
 */
@NullMarked
package io.github.hiera4j.api;

import org.jspecify.annotations.NullMarked;
