package io.github.hiera4j.serve.infer;

import java.util.List;
import java.util.Optional;

/**
 * An inference request.
 *
 * @param id repeated in the response
 * @param input the only input of the models
 * @param outputs the requested outputs; empty: every output
 * @param binaryOutputs whether outputs are returned as bytes by default
 */
record InferRequest(Optional<String> id, Input input, List<Output> outputs, boolean binaryOutputs) {

    /**
     * An input tensor.
     *
     * @param values row-major
     */
    record Input(String name, int[] shape, java.nio.FloatBuffer values) {}

    /**
     * A requested output.
     *
     * @param binary whether it is returned as bytes; empty: the default of the request
     */
    record Output(String name, Optional<Boolean> binary) {}
}
