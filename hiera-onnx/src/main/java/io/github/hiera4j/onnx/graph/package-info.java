/**
 * Translation of a network's graph to ONNX nodes: one method per operation, and stages that may precede the inputs.
 */
@NullMarked
package io.github.hiera4j.onnx.graph;

import org.jspecify.annotations.NullMarked;
