package io.github.hiera4j.model.parity;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.Json;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.config.OfficialConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Reads a file of figures of any kind, with one case or one per input size. */
public final class GoldenFile {
    private GoldenFile() {}

    /**
     * {@return the cases of a file; throws a {@code HieraException} that names the file and the fault if it is invalid}
     *
     * @param file the file
     */
    public static List<ParityCase> read(Path file) {
        JsonNode json = Json.read(file);
        try {
            GoldenSchema.requireForm(json);
            List<ParityCase> cases = cases(json);
            check(!cases.isEmpty(), "expected figures of at least one input size under 'cases', got none");
            return cases;
        } catch (HieraException fault) {
            throw fault.withMessage(file + ": " + fault.getMessage());
        } catch (ArithmeticException fault) {
            throw new HieraException(file + ": describes a model that is too large: " + fault.getMessage(), fault);
        }
    }

    /** Returns the input shape of a case: a batch of the model's input. */
    static Shape inputShape(JsonNode figures, int channels, List<Integer> inputSize) {
        Shape shape = shape(figures.path("input_shape"));
        List<Integer> expected = new ArrayList<>(List.of(shape.size(0), channels));
        expected.addAll(inputSize);
        check(
                integers(figures.path("input_shape")).equals(expected),
                "input_shape %s is not a batch of the model's input, which is %s",
                shape,
                expected.subList(1, expected.size()));
        return shape;
    }

    private static List<ParityCase> cases(JsonNode json) {
        String kind = json.path("kind").asString();
        List<ParityCase> cases = new ArrayList<>();
        switch (kind) {
            case "encoder", "mae", "train" -> cases.add(GoldenCase.read(json));
            case "hieradet" -> {
                for (JsonNode figures : json.path("cases")) {
                    cases.add(HieraDetCase.read(json, figures, name(json, figures)));
                }
            }
            case "hieradet_as_hiera" -> cases.add(TrunkCase.read(json));
            case "resized", "abswin" -> {
                HieraConfig trained = OfficialConfig.read(json.path("config")).encoder();
                for (JsonNode figures : json.path("cases")) {
                    cases.add(SizedCase.read(json, trained, figures, name(json, figures)));
                }
            }
            case "sam2" -> cases.add(Sam2Case.read(json));
            default ->
                throw new HieraException("golden cases of the kind '" + printable(kind)
                        + "' cannot be run: expected encoder, mae, train, resized, abswin, hieradet,"
                        + " hieradet_as_hiera or sam2");
        }
        return cases;
    }

    /** Returns the name of a case from the file's name and the case's size: {@code hieradet_nano@64x96}. */
    private static String name(JsonNode json, JsonNode figures) {
        String size =
                integers(figures.path("run_size")).stream().map(String::valueOf).collect(Collectors.joining("x"));
        return json.path("case").asString() + "@" + size;
    }

    private static String printable(String text) {
        String shortened = text.length() > 40 ? text.substring(0, 40) + "…" : text;
        return shortened.replaceAll("\\p{Cntrl}", "?");
    }

    static List<Integer> integers(JsonNode array) {
        List<Integer> values = new ArrayList<>();
        array.forEach(value -> values.add(value.asInt()));
        return values;
    }

    static Shape shape(JsonNode array) {
        return Shape.of(integers(array).stream().mapToInt(Integer::intValue).toArray());
    }
}
