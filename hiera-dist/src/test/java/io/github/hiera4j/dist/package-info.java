/** Tests of what is published, from outside: the distribution's directory, the jars and POMs, and programs built from them alone. */
@NullMarked
package io.github.hiera4j.dist;

import org.jspecify.annotations.NullMarked;
