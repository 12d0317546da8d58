/**
 * What people import: load a checkpoint, classify, embed, look at features.
 *
 * <p>Plain Java in and out. Nothing here knows a backend by name or touches native code.
 */
@NullMarked
package io.github.hiera4j.api;

import org.jspecify.annotations.NullMarked;
