/**
 * The native interface: oneDNN engines, memory, primitives and their attributes. Nothing outside this package calls JavaCPP's
 * oneDNN classes.
 */
@NullMarked
package io.github.hiera4j.onednn.primitive;

import org.jspecify.annotations.NullMarked;
