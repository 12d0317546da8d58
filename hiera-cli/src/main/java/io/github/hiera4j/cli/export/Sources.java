package io.github.hiera4j.cli.export;

import io.github.hiera4j.cli.model.ConvertCommand;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.sam.Sam2Config;
import io.github.hiera4j.model.sam.Sam2Variant;
import java.nio.file.Path;

/** The models that {@code formula:MODEL} names. */
final class Sources {
    static final String FORMULA = "formula:";

    private Sources() {}

    private static String modelName(String in) {
        return in.substring(FORMULA.length());
    }

    static boolean isSam2(String in) {
        return Sam2Variant.find(modelName(in)).isPresent();
    }

    static Sam2Config sam2(String in) {
        return Sam2Variant.find(modelName(in)).orElseThrow().config();
    }

    static ModelConfig published(String in) {
        return ConvertCommand.published(modelName(in));
    }

    /** Returns the last element of a source's path, which metadata may show; directories stay private. */
    static String shortName(String in) {
        Path name = Path.of(in).getFileName();
        return in.startsWith(FORMULA) || name == null ? in : name.toString();
    }

    /** Returns the name of an output file without its extension. */
    static String stem(Path out) {
        String name = String.valueOf(out.getFileName());
        return name.substring(0, name.length() - ".onnx".length());
    }
}
