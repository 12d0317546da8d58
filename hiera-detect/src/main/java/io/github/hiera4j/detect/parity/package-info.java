/** Runs the reference figures of detection: single operations and evaluations. */
@NullMarked
package io.github.hiera4j.detect.parity;

import org.jspecify.annotations.NullMarked;
