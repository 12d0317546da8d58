/** Comparison with the reference's figures, on weights and inputs that are computed from their names by a formula. */
@NullMarked
package io.github.hiera4j.model.parity;

import org.jspecify.annotations.NullMarked;
