/** Commands that measure speed and parity with the reference, and that test what works on this machine. */
@NullMarked
package io.github.hiera4j.cli.measure;

import org.jspecify.annotations.NullMarked;
