/**
 * Runs graphs in plain Java and double precision: slow, exact, and without native code.
 *
 * <p>It is the reference that other backends are compared with, and works without native libraries. Clarity has priority over
 * speed.
 */
@NullMarked
package io.github.hiera4j.model.reference;

import org.jspecify.annotations.NullMarked;
