/** The commands that measure: speed, parity with the reference, what works on this machine. */
@NullMarked
package io.github.hiera4j.cli.measure;

import org.jspecify.annotations.NullMarked;
