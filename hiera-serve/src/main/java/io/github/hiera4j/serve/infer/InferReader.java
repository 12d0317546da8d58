package io.github.hiera4j.serve.infer;

import io.github.hiera4j.model.io.Json;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.serve.request.Refusal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/**
 * Reads the body of an inference request: JSON, followed by the bytes of binary tensors. Numbers are read directly into an array, so
 * that the memory taken is a small multiple of the body.
 */
final class InferReader {
    private static final int MOST_AXES = 8;
    private static final int MOST_OUTPUTS = 64;

    private final byte[] body;
    private final int jsonLength;
    private final String model;
    private final JsonParser json;

    private Optional<String> id = Optional.empty();
    private boolean binaryOutputs;
    private final List<PendingInput> inputs = new ArrayList<>();
    private final List<InferRequest.Output> outputs = new ArrayList<>();

    /** An input that has been read in part. */
    private static final class PendingInput {
        @Nullable
        String name;

        @Nullable
        String datatype;

        int @Nullable [] shape;

        float @Nullable [] data;
        long binaryBytes = -1;
    }

    private InferReader(byte[] body, int jsonLength, String model) {
        this.model = model;
        this.body = body;
        this.jsonLength = jsonLength;
        this.json = Json.FACTORY.createParser(ObjectReadContext.empty(), body, 0, jsonLength);
    }

    /**
     * Reads a body.
     *
     * @param jsonLength bytes of the JSON at its start
     * @param model the model in the path; some clients repeat it in the body
     * @throws Refusal with 400 that says what is wrong
     */
    static InferRequest read(byte[] body, int jsonLength, String model) {
        InferReader reader = new InferReader(body, jsonLength, model);
        try {
            reader.readRequest();
        } catch (JacksonException fault) {
            throw Refusal.of(400, "the request is not valid JSON: %s", Json.reason(fault));
        }
        return reader.request();
    }

    private void readRequest() {
        expect(json.nextToken() == JsonToken.START_OBJECT, "the request must be a JSON object");
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "id" -> id = Optional.of(Printable.of(text("id")));
                case "model_name" -> expect(text(name).equals(model), "model_name is not the model of the address");
                case "model_version" ->
                    expect(
                            text(name).equals(InferenceProtocol.VERSION),
                            "model_version must be \"" + InferenceProtocol.VERSION + "\"");
                case "parameters" -> readParameters(null);
                case "inputs" -> readEach("inputs", this::readInput);
                case "outputs" -> readEach("outputs", this::readOutput);
                default -> throw unknown("request", name);
            }
        }
        expect(json.nextToken() == null, "the request must be one JSON object, but more follows it");
    }

    private void readEach(String what, Runnable one) {
        expect(json.currentToken() == JsonToken.START_ARRAY, what + " must be an array");
        while (json.nextToken() != JsonToken.END_ARRAY) {
            expect(json.currentToken() == JsonToken.START_OBJECT, what + " must be an array of objects");
            one.run();
        }
    }

    private void readInput() {
        PendingInput input = new PendingInput();
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "name" -> input.name = text("name");
                case "datatype" -> input.datatype = text("datatype");
                case "shape" -> input.shape = shape();
                case "data" -> input.data = numbers();
                case "parameters" -> readParameters(input);
                default -> throw unknown("input", name);
            }
        }
        inputs.add(input);
        expect(inputs.size() == 1, "the models have one input, 'input'; got several");
    }

    private void readOutput() {
        String output = null;
        Optional<Boolean> binary = Optional.empty();
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "name" -> output = text("name");
                case "parameters" -> binary = outputParameters();
                default -> throw unknown("output", name);
            }
        }
        expect(output != null, "an output has no name");
        outputs.add(new InferRequest.Output(String.valueOf(output), binary));
        expect(outputs.size() <= MOST_OUTPUTS, "too many outputs");
    }

    private Optional<Boolean> outputParameters() {
        expect(json.currentToken() == JsonToken.START_OBJECT, "parameters must be an object");
        Optional<Boolean> binary = Optional.empty();
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            json.nextToken();
            if (!name.equals("binary_data")) {
                throw unknown("output parameter", name);
            }
            binary = Optional.of(flag(name));
        }
        return binary;
    }

    /** Reads the parameters of the whole request, or of an input. */
    private void readParameters(@Nullable PendingInput input) {
        expect(json.currentToken() == JsonToken.START_OBJECT, "parameters must be an object");
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            json.nextToken();
            if (input != null && name.equals("binary_data_size")) {
                expect(json.currentToken() == JsonToken.VALUE_NUMBER_INT, "binary_data_size must be a whole number");
                input.binaryBytes = json.getLongValue();
            } else if (input == null && name.equals("binary_data_output")) {
                binaryOutputs = flag(name);
            } else {
                throw unknown("parameter", name);
            }
        }
    }

    private int[] shape() {
        expect(json.currentToken() == JsonToken.START_ARRAY, "shape must be an array of whole numbers");
        List<Integer> sizes = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            expect(
                    json.currentToken() == JsonToken.VALUE_NUMBER_INT && sizes.size() < MOST_AXES,
                    "shape must be an array of up to " + MOST_AXES + " whole numbers");
            long size = json.getLongValue();
            expect(size >= 1 && size <= Integer.MAX_VALUE, "the sizes of a shape must be 1 or more");
            sizes.add((int) size);
        }
        return sizes.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The numbers of an array, nested or flat. */
    private float[] numbers() {
        expect(json.currentToken() == JsonToken.START_ARRAY, "data must be an array of numbers");
        float[] numbers = new float[1024];
        int count = 0;
        int depth = 1;
        while (depth > 0) {
            JsonToken token = json.nextToken();
            expect(token != null, "data does not end");
            if (token == JsonToken.START_ARRAY) {
                depth++;
            } else if (token == JsonToken.END_ARRAY) {
                depth--;
            } else {
                expect(
                        token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT,
                        "data must be an array of numbers");
                if (count == numbers.length) {
                    numbers = Arrays.copyOf(numbers, 2 * count);
                }
                numbers[count++] = json.getFloatValue();
            }
        }
        return Arrays.copyOf(numbers, count);
    }

    private String text(String what) {
        expect(json.currentToken() == JsonToken.VALUE_STRING, what + " must be a string");
        return json.getString();
    }

    private boolean flag(String what) {
        JsonToken token = json.currentToken();
        expect(token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE, what + " must be true or false");
        return token == JsonToken.VALUE_TRUE;
    }

    private InferRequest request() {
        expect(inputs.size() == 1, "expected one input, 'input', got none");
        PendingInput input = inputs.get(0);
        int[] shape = input.shape;
        String name = input.name;
        if (name == null || shape == null || input.datatype == null) {
            throw Refusal.of(400, "an input needs name, shape and datatype");
        }
        if (!input.datatype.equals("FP32")) {
            throw Refusal.of(400, "the input's datatype must be FP32, got '%s'", Printable.of(input.datatype));
        }
        FloatBuffer values = values(input);
        long elements = 1;
        for (int size : shape) {
            elements *= size;
            expect(elements <= Integer.MAX_VALUE, "the input is too large");
        }
        if (elements != values.remaining()) {
            throw Refusal.of(400, "the input's shape has %d elements, its data has %d", elements, values.remaining());
        }
        return new InferRequest(id, new InferRequest.Input(name, shape, values), outputs, binaryOutputs);
    }

    private FloatBuffer values(PendingInput input) {
        int binary = body.length - jsonLength;
        if (input.data != null) {
            expect(input.binaryBytes < 0 && binary == 0, "an input has data or binary_data_size, not both");
            return FloatBuffer.wrap(input.data);
        }
        expect(input.binaryBytes >= 0, "an input needs data, or binary_data_size and the bytes after the JSON");
        if (input.binaryBytes != binary || binary % Float.BYTES != 0) {
            throw Refusal.of(
                    400,
                    "binary_data_size is %d, but %d bytes follow the JSON; FP32 has 4 bytes an element",
                    input.binaryBytes,
                    binary);
        }
        return ByteBuffer.wrap(body, jsonLength, binary)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
    }

    private static void expect(boolean condition, String message) {
        if (!condition) {
            throw Refusal.of(400, "%s", message);
        }
    }

    private static Refusal unknown(String where, String name) {
        return Refusal.of(400, "unknown %s '%s'", where, Printable.of(name));
    }
}
