/**
 * The published weights: their addresses, licences, and the location of a local copy.
 *
 * <p>Data and paths only: code here must not open a connection.
 */
@NullMarked
package io.github.hiera4j.model.zoo;

import org.jspecify.annotations.NullMarked;
