/**
 * The published weights: where they are, under which licence, and where a copy lies on this machine.
 *
 * <p>Data and paths only: nothing here may open a connection.
 */
@NullMarked
package io.github.hiera4j.model.zoo;

import org.jspecify.annotations.NullMarked;
