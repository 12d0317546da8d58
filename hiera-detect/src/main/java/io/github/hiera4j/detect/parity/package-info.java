/** Comparison of detection with reference figures: operations, networks and evaluations. */
@NullMarked
package io.github.hiera4j.detect.parity;

import org.jspecify.annotations.NullMarked;
