/**
 * What all modules with native code share: settings that must be made before the first native library loads, and the number of
 * OpenMP's threads. Nothing about models belongs here.
 */
@NullMarked
package io.github.hiera4j.natives;

import org.jspecify.annotations.NullMarked;
