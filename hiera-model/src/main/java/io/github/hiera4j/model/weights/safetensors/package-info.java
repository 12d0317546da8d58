/**
 * The safetensors format: single files and sharded directories, read and written.
 *
 * <p>Headers are checked completely before a tensor is read: offsets, sizes, overlaps and limits.
 */
@NullMarked
package io.github.hiera4j.model.weights.safetensors;

import org.jspecify.annotations.NullMarked;
