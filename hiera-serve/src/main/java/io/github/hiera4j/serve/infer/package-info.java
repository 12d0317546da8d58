/** The Open Inference Protocol, version 2: metadata and tensors, as JSON or binary. */
@NullMarked
package io.github.hiera4j.serve.infer;

import org.jspecify.annotations.NullMarked;
