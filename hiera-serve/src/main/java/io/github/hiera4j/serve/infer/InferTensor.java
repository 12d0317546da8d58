package io.github.hiera4j.serve.infer;

import io.github.hiera4j.model.tensor.HostTensor;

/**
 * A named tensor of a request or a response.
 *
 * @param name name of the model's input or output
 * @param values float32
 * @param binary whether the response carries it as bytes after the JSON
 */
record InferTensor(String name, HostTensor values, boolean binary) {}
