/**
 * Configuration files beside checkpoints: official, timm and transformers; their settings are checked against the
 * tensor shapes, and a setting that changes results is either supported or rejected by name.
 */
@NullMarked
package io.github.hiera4j.model.weights.config;

import org.jspecify.annotations.NullMarked;
