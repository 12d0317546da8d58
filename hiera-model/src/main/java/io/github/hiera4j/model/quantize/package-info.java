/**
 * Post-training quantisation: what a model's linear layers read is measured on samples, and scales are chosen for 8-bit integers. An
 * engine that computes in int8 asks the weights for these scales; the graph stays as it is.
 */
@NullMarked
package io.github.hiera4j.model.quantize;

import org.jspecify.annotations.NullMarked;
