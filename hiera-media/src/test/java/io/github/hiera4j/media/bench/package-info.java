/** Throughput of decoding and preprocessing beside the Python tools, measured in pairs within one run. */
@NullMarked
package io.github.hiera4j.media.bench;

import org.jspecify.annotations.NullMarked;
