/**
 * Parameter names: official, timm and transformers style, and the mapping between them.
 */
@NullMarked
package io.github.hiera4j.model.weights.keys;

import org.jspecify.annotations.NullMarked;
