/** What the tests of other modules need of this one. */
@NullMarked
package io.github.hiera4j.detect.testing;

import org.jspecify.annotations.NullMarked;
