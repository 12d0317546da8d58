package io.github.hiera4j.media.preprocess;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.io.Json;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.parity.ParityResult;
import io.github.hiera4j.model.parity.TensorDifference;
import io.github.hiera4j.model.parity.TensorSummary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Compares {@link FloatResize} with the reference figures in a golden file of the kind {@code sam2_preprocess}. */
public final class PreprocessParity {
    /** The {@code kind} of the files accepted by {@code run}. */
    private static final String KIND = "sam2_preprocess";

    /** Maximum relative L2 error in float32. */
    private static final double TOLERANCE = 5e-6;

    private PreprocessParity() {}

    /**
     * Runs a golden file if it is of this kind; throws a {@code HieraException} with its name if it cannot be read.
     *
     * @param file the file
     * @return the result; empty if the file is of another kind
     */
    public static Optional<ParityResult> run(Path file) {
        JsonNode json = Json.readObject(file);
        return json.path("kind").asString("").equals(KIND) ? Optional.of(run(json)) : Optional.empty();
    }

    /**
     * Preprocesses every image of a file; the images are synthetic.
     *
     * @param json the golden file
     * @return the result, with the worst error
     */
    public static ParityResult run(JsonNode json) {
        Normalisation normalisation = new Normalisation(numbers(json.path("mean")), numbers(json.path("std")));
        List<TensorDifference> differences = new ArrayList<>();
        for (JsonNode golden : json.path("cases")) {
            int height = golden.path("image_shape").path(0).asInt();
            int width = golden.path("image_shape").path(1).asInt();
            int size = golden.path("image_size").asInt();
            String name = width + "x" + height + " to " + size;
            FloatResize resize = new FloatResize(size, normalisation);
            differences.add(
                    TensorSummary.read(golden.path("output")).compare(name, resize.apply(image(height, width))));
        }
        return new ParityResult(json.path("case").asString(), differences, TOLERANCE);
    }

    /** Returns the bytes {@code floor((v + 1) · 128)} of the noise named {@code image}, row by row. */
    private static Rgb8Image image(int height, int width) {
        byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(height, width), Rgb8Image.CHANNELS)];
        double[] noise = FormulaWeights.noise("image", rgb.length);
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (int) Math.floor((noise[i] + 1) * 128);
        }
        return Rgb8Image.wrap(width, height, rgb);
    }

    private static List<Double> numbers(JsonNode array) {
        List<Double> numbers = new ArrayList<>();
        array.forEach(number -> numbers.add(number.asDouble()));
        return numbers;
    }
}
