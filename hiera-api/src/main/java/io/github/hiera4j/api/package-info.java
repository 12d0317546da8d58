/**
 * The public API: load a checkpoint, classify, embed, compute feature maps.
 *
 * <p>Plain Java in and out. Nothing here knows a backend by name or touches native code.
 */
@NullMarked
package io.github.hiera4j.api;

import org.jspecify.annotations.NullMarked;
