/** Swin and ConvNeXt V2, the other networks of the paper's throughput table, built of the operations that the rest of the library has. */
@NullMarked
package io.github.hiera4j.model.baseline.peers;

import org.jspecify.annotations.NullMarked;
