package io.github.hiera4j.serve.infer;

import io.github.hiera4j.model.tensor.Shape;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** Writes the protocol's responses: JSON objects with ordered keys, followed by binary tensors. */
final class InferWriter {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private InferWriter() {}

    static InferenceProtocol.Body write(String name, InferRequest request, List<InferTensor> tensors) {
        List<Object> outputs = new ArrayList<>();
        for (InferTensor tensor : tensors) {
            Map<String, Object> output =
                    new LinkedHashMap<>(tensor(tensor.name(), tensor.values().shape()));
            if (tensor.binary()) {
                output.put(
                        "parameters", Map.of("binary_data_size", tensor.values().byteSize()));
            } else {
                output.put("data", tensor.values().toFloats());
            }
            outputs.add(output);
        }
        Map<String, Object> answer = ordered("model_name", name, "model_version", InferenceProtocol.VERSION);
        request.id().ifPresent(id -> answer.put("id", id));
        answer.put("outputs", outputs);
        byte[] json = JSON.writeValueAsBytes(answer);
        boolean binary = tensors.stream().anyMatch(InferTensor::binary);
        int samples = request.input().shape()[0];
        if (!binary) {
            return new InferenceProtocol.Body(json, Optional.empty(), samples);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(json);
        for (InferTensor tensor : tensors) {
            if (tensor.binary()) {
                byte[] raw = new byte[tensor.values().byteSize()];
                tensor.values().bytes().get(raw);
                bytes.writeBytes(raw);
            }
        }
        return new InferenceProtocol.Body(bytes.toByteArray(), Optional.of(json.length), samples);
    }

    static Map<String, Object> tensor(String name, Shape shape) {
        return ordered("name", name, "datatype", "FP32", "shape", shape.sizes());
    }

    static Map<String, Object> ordered(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
