/**
 * How fast a model runs here, and how much of the machine that takes: what {@code hiera benchmark} and {@code hiera doctor}
 * print.
 *
 * <p>Knows backends through their interface alone, so that every backend is measured in the same way.
 */
@NullMarked
package io.github.hiera4j.bench;

import org.jspecify.annotations.NullMarked;
