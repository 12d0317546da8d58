/** Checks that processes can train together before they start. Must not depend on runs. */
@NullMarked
package io.github.hiera4j.train.agreement;

import org.jspecify.annotations.NullMarked;
