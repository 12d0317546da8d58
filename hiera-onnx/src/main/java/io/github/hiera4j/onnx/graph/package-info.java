/**
 * A network's graph as nodes of ONNX: one method per operation, and what may precede the inputs.
 */
@NullMarked
package io.github.hiera4j.onnx.graph;

import org.jspecify.annotations.NullMarked;
