/**
 * Post-training quantisation: the inputs of a model's linear layers are measured on samples, and scales are chosen for 8-bit integers. An
 * engine that computes in int8 reads these scales from the weights; the graph does not change.
 */
@NullMarked
package io.github.hiera4j.model.quantize;

import org.jspecify.annotations.NullMarked;
