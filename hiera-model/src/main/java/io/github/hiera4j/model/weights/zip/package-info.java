/**
 * Zip archives with stored entries, as PyTorch writes them. Entries are read in place, without copying.
 */
@NullMarked
package io.github.hiera4j.model.weights.zip;

import org.jspecify.annotations.NullMarked;
