/**
 * The pure-Java core of Hiera4j: the network as a graph, its weights and its costs.
 *
 * <p>Code here must not call native code, decode media or print to a terminal.
 */
@NullMarked
package io.github.hiera4j.model;

import org.jspecify.annotations.NullMarked;
