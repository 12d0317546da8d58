/** Transformer blocks with pooled attention, of which MViTv2 and the ladder are made. */
@NullMarked
package io.github.hiera4j.model.baseline.pooling;

import org.jspecify.annotations.NullMarked;
