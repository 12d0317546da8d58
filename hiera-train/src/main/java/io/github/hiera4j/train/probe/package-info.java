/**
 * How good a frozen encoder's features are: a linear probe and nearest neighbours. Nothing here changes the network, and nothing is
 * chosen on held-out samples.
 */
@NullMarked
package io.github.hiera4j.train.probe;

import org.jspecify.annotations.NullMarked;
