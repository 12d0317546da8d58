/**
 * Lowering: how each operation of the graph becomes steps of a plan.
 */
@NullMarked
package io.github.hiera4j.onednn.layers;

import org.jspecify.annotations.NullMarked;
