/**
 * Code shared by all modules with native libraries: settings that must be applied before the first library is loaded, and the number
 * of OpenMP threads. Nothing about models must enter.
 */
@NullMarked
package io.github.hiera4j.natives;

import org.jspecify.annotations.NullMarked;
