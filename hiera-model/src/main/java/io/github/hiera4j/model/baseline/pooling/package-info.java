/** Transformer blocks with pooled attention, the building blocks of MViTv2 and the ladder. */
@NullMarked
package io.github.hiera4j.model.baseline.pooling;

import org.jspecify.annotations.NullMarked;
