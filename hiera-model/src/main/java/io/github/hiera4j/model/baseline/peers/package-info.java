/** Swin and ConvNeXt V2, the other networks of the paper's throughput table, built from the operations of the rest of the library. */
@NullMarked
package io.github.hiera4j.model.baseline.peers;

import org.jspecify.annotations.NullMarked;
