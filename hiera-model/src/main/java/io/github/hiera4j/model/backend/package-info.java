/** The interface to every engine that can run a graph. The API and the command line depend on these types only. */
@NullMarked
package io.github.hiera4j.model.backend;

import org.jspecify.annotations.NullMarked;
