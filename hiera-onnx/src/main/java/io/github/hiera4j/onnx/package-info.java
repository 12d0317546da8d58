/**
 * Models as ONNX files. {@link io.github.hiera4j.onnx.OnnxExport} writes one graph; {@link io.github.hiera4j.onnx.OnnxModels} knows
 * which graphs a model has. Nothing here runs a model.
 */
@NullMarked
package io.github.hiera4j.onnx;

import org.jspecify.annotations.NullMarked;
