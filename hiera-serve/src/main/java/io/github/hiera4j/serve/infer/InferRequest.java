package io.github.hiera4j.serve.infer;

import java.util.List;
import java.util.Optional;

/**
 * What a client asks of a model.
 *
 * @param id to be repeated in the answer
 * @param input the only input that the models have
 * @param outputs what is requested; empty: every output
 * @param binaryOutputs whether outputs that say nothing themselves are answered as bytes
 */
record InferRequest(Optional<String> id, Input input, List<Output> outputs, boolean binaryOutputs) {

    /**
     * An input tensor.
     *
     * @param values row-major
     */
    record Input(String name, int[] shape, java.nio.FloatBuffer values) {}

    /**
     * An output that is requested.
     *
     * @param binary empty: as the request says for all
     */
    record Output(String name, Optional<Boolean> binary) {}
}
