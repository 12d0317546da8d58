/** An index of embeddings: nearest neighbours, near-duplicates, and a map in two dimensions. */
@NullMarked
package io.github.hiera4j.api.insight.search;

import org.jspecify.annotations.NullMarked;
