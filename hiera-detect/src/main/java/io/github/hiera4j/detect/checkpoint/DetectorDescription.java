package io.github.hiera4j.detect.checkpoint;

import static io.github.hiera4j.model.Check.check;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import io.github.hiera4j.detect.network.MaskRcnnConfig;
import io.github.hiera4j.media.preprocess.Normalisation;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.AtomicFile;
import io.github.hiera4j.model.io.Json;
import io.github.hiera4j.model.io.Printable;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * The properties of a detector that its weights do not contain.
 *
 * @param config all settings
 * @param classNames class names by class index
 * @param categoryIds category ids in the data set, by class index
 * @param normalisation normalisation of the pixels
 */
public record DetectorDescription(
        MaskRcnnConfig config, List<String> classNames, List<Long> categoryIds, Normalisation normalisation) {
    private static final String KIND = "hiera-mask-rcnn";
    private static final ObjectMapper MAPPER = Json.MAPPER
            .rebuild()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .changeDefaultVisibility(visibility -> visibility.withIsGetterVisibility(JsonAutoDetect.Visibility.NONE))
            .build();

    /**
     * Checks the values and copies the collections.
     *
     * @param config all settings
     * @param classNames class names by class index
     * @param categoryIds category ids in the data set, by class index
     * @param normalisation normalisation of the pixels
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public DetectorDescription {
        classNames = List.copyOf(classNames);
        categoryIds = List.copyOf(categoryIds);
        check(
                classNames.size() == config.classes() && categoryIds.size() == config.classes(),
                "expected %d class names and category ids, got %d and %d",
                config.classes(),
                classNames.size(),
                categoryIds.size());
    }

    /** Returns a description with numbers as names, category ids from 1, and ImageNet's normalisation. */
    static DetectorDescription unnamed(MaskRcnnConfig config) {
        List<Long> ids = LongStream.rangeClosed(1, config.classes()).boxed().toList();
        return new DetectorDescription(
                config, ids.stream().map(id -> "class " + id).toList(), ids, Normalisation.IMAGENET);
    }

    /** Returns whether a file describes a detector of this project. */
    static boolean matches(Path file) {
        return Json.readObject(file).path("model_type").asString("").equals(KIND);
    }

    /**
     * Reads a description.
     *
     * @param file the file
     * @return the description
     * @throws HieraException if a setting is missing, unknown or invalid. Files written before a setting existed get its value from
     *     that time
     */
    public static DetectorDescription read(Path file) {
        JsonNode json = Json.readObject(file);
        String kind = json.path("model_type").asString("");
        check(kind.equals(KIND), "%s: expected model_type %s, got '%s'", file, KIND, Printable.of(kind));
        try {
            return MAPPER.treeToValue(LaterSettings.completed(json.path("description")), DetectorDescription.class);
        } catch (JacksonException e) {
            throw new HieraException(file + ": " + Printable.message(reason(e)), e);
        }
    }

    /** Returns why settings are rejected: the range that one violates, or its name. */
    private static String reason(JacksonException failure) {
        if (failure.getCause() instanceof HieraException fault) {
            return String.valueOf(fault.getMessage());
        }
        String name = failure.getPath().stream()
                .map(step -> String.valueOf(step.getPropertyName()))
                .collect(Collectors.joining("."));
        return name.isEmpty()
                ? Json.reason(failure)
                : "the setting '" + name + "' is unknown, missing or of the wrong type";
    }

    /**
     * Writes or replaces a file.
     *
     * @param file the file
     */
    public void write(Path file) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("model_type", KIND);
        content.put("description", this);
        byte[] text = MAPPER.writerWithDefaultPrettyPrinter()
                .writeValueAsString(content)
                .getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(file, channel -> Channels.newOutputStream(channel).write(text));
    }
}
