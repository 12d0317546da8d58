/**
 * The graph run in plain Java and double precision: slow, exact, and free of native code.
 *
 * <p>It is the reference that other backends are compared with, and works where no native library does. Clarity comes before
 * speed here.
 */
@NullMarked
package io.github.hiera4j.model.reference;

import org.jspecify.annotations.NullMarked;
