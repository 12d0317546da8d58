/**
 * Evaluates a frozen encoder's features with a linear probe and nearest neighbours. Nothing here changes the network, and held-out
 * samples are not used for any choice.
 */
@NullMarked
package io.github.hiera4j.train.probe;

import org.jspecify.annotations.NullMarked;
