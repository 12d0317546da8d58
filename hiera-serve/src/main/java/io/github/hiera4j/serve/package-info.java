/** The server's front: what a program starts and stops. */
@NullMarked
package io.github.hiera4j.serve;

import org.jspecify.annotations.NullMarked;
