/**
 * The network as data: nodes in topological order, shapes checked when the graph is built, and one interface that a
 * backend implements to run it.
 *
 * <p>A graph does not depend on weights, element types or devices.
 */
@NullMarked
package io.github.hiera4j.model.graph;

import org.jspecify.annotations.NullMarked;
