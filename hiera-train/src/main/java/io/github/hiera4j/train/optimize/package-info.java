/** Settings of the optimiser: initial weights, parameter groups, learning rates over time. */
@NullMarked
package io.github.hiera4j.train.optimize;

import org.jspecify.annotations.NullMarked;
