/** What the reference's figures are measured with: weights and inputs that are formulas of their names. */
@NullMarked
package io.github.hiera4j.model.parity;

import org.jspecify.annotations.NullMarked;
