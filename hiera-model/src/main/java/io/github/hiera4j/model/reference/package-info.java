/**
 * The graph run in plain Java and double precision: slow, exact, and free of native code.
 *
 * <p>It is the oracle that other backends are held against, and works where no native library does. Clarity comes before
 * speed here.
 */
@NullMarked
package io.github.hiera4j.model.reference;

import org.jspecify.annotations.NullMarked;
