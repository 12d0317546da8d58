/**
 * ONNX files on disk: written with the weights streamed, read without them. Does not depend on networks.
 */
@NullMarked
package io.github.hiera4j.onnx.file;

import org.jspecify.annotations.NullMarked;
