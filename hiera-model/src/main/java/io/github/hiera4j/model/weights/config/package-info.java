/**
 * Configuration files beside checkpoints: official, timm and transformers; what they state is checked against the
 * tensor shapes, and a setting that changes results is honoured or refused by name.
 */
@NullMarked
package io.github.hiera4j.model.weights.config;

import org.jspecify.annotations.NullMarked;
