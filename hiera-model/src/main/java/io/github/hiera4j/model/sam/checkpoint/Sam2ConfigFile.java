package io.github.hiera4j.model.sam.checkpoint;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.io.Json;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.sam.MaskChoice;
import io.github.hiera4j.model.weights.config.Sam2Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The settings in transformers' {@code config.json} that no tensor determines. Every field may be missing. */
final class Sam2ConfigFile {
    private static final int LARGEST = 1_000_000;
    private static final int LONGEST = 1000;

    private final String source;
    private final JsonNode json;
    private final boolean present;

    private Sam2ConfigFile(String source, JsonNode json, boolean present) {
        this.source = source;
        this.json = json;
        this.present = present;
    }

    /** Returns a file without settings. */
    static Sam2ConfigFile none() {
        return new Sam2ConfigFile("", JsonNodeFactory.instance.objectNode(), false);
    }

    /** Reads a file; throws a {@code HieraException} if it is not a JSON object or requests an unsupported setting. */
    static Sam2ConfigFile read(Path file) {
        JsonNode json = Json.readObject(file);
        Sam2ConfigFile found = new Sam2ConfigFile(file + ": ", json, true);
        if (found.describesSam2()) {
            Sam2Settings.check(file + ": ", json);
        }
        return found;
    }

    /** Returns whether it describes a SAM 2 model ({@code sam2}, {@code sam2_video}). */
    boolean describesSam2() {
        return json.path("model_type").asString("").startsWith("sam2");
    }

    boolean isPresent() {
        return present;
    }

    private JsonNode backbone() {
        return json.path("vision_config").path("backbone_config");
    }

    /** Returns height and width, which the file may state as one number. */
    Optional<List<Integer>> imageSize() {
        JsonNode size = backbone().path("image_size");
        if (size.isMissingNode()) {
            size = json.path("prompt_encoder_config").path("image_size");
        }
        if (size.isNumber()) {
            return Optional.of(List.of(integer("image_size", size), integer("image_size", size)));
        }
        return integers("image_size", size);
    }

    Optional<Integer> numHeads() {
        Optional<List<Integer>> perStage =
                integers("num_attention_heads_per_stage", backbone().path("num_attention_heads_per_stage"));
        if (perStage.isPresent() && !perStage.get().isEmpty()) {
            return Optional.of(perStage.get().get(0));
        }
        JsonNode heads = backbone().path("num_attention_heads");
        return heads.isMissingNode() ? Optional.empty() : Optional.of(integer("num_attention_heads", heads));
    }

    Optional<List<Integer>> windows() {
        return integers("window_size_per_stage", backbone().path("window_size_per_stage"));
    }

    Optional<List<Integer>> globalBlocks() {
        return integers("global_attention_blocks", backbone().path("global_attention_blocks"));
    }

    Optional<List<Integer>> topDownLevels() {
        return integers("fpn_top_down_levels", json.path("vision_config").path("fpn_top_down_levels"));
    }

    OptionalInt decoderHeads() {
        JsonNode heads = json.path("mask_decoder_config").path("num_attention_heads");
        return heads.isMissingNode() ? OptionalInt.empty() : OptionalInt.of(integer("num_attention_heads", heads));
    }

    Optional<MaskChoice> maskChoice() {
        JsonNode decoder = json.path("mask_decoder_config");
        if (!decoder.has("dynamic_multimask_via_stability")) {
            return Optional.empty();
        }
        MaskChoice published = MaskChoice.PUBLISHED;
        return Optional.of(new MaskChoice(
                decoder.path("dynamic_multimask_via_stability").asBoolean(published.byStability()),
                decoder.path("dynamic_multimask_stability_delta").asDouble(published.delta()),
                decoder.path("dynamic_multimask_stability_thresh").asDouble(published.threshold())));
    }

    private Optional<List<Integer>> integers(String name, JsonNode array) {
        if (array.isMissingNode() || array.isNull()) {
            return Optional.empty();
        }
        check(array.isArray() && array.size() <= LONGEST, "%s%s must be a list of whole numbers", source, name);
        List<Integer> values = new ArrayList<>();
        array.forEach(value -> values.add(integer(name, value)));
        return Optional.of(values);
    }

    private int integer(String name, JsonNode node) {
        boolean whole = node.isIntegralNumber() && Math.abs(node.doubleValue()) <= LARGEST;
        check(whole, "%s%s must be a whole number of at most a million, got %s", source, name, Printable.of(node));
        return node.asInt();
    }
}
