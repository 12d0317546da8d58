/**
 * ONNX files on disk: written with the weights streamed, read without them. Knows nothing of networks.
 */
@NullMarked
package io.github.hiera4j.onnx.file;

import org.jspecify.annotations.NullMarked;
