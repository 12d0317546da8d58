/** The cost of a network, computed from its graph: parameters, multiply–accumulates, activation memory. */
@NullMarked
package io.github.hiera4j.model.cost;

import org.jspecify.annotations.NullMarked;
