/**
 * Measures how fast a model runs on this machine, and how well it uses the machine: the figures of {@code hiera benchmark} and
 * {@code hiera doctor}.
 *
 * <p>Uses backends only through their interface, so that every backend is measured in the same way.
 */
@NullMarked
package io.github.hiera4j.bench;

import org.jspecify.annotations.NullMarked;
