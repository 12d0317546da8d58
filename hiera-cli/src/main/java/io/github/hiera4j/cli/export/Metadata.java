package io.github.hiera4j.cli.export;

import io.github.hiera4j.model.zoo.Licence;
import io.github.hiera4j.model.zoo.PublishedWeights;
import io.github.hiera4j.onnx.graph.PixelStage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Metadata entries of an exported model: its name, source, preprocessing and class names. */
final class Metadata {
    private final Map<String, String> entries = new LinkedHashMap<>();

    Metadata(String model, String source) {
        entries.put("model", model);
        entries.put("source", source);
    }

    /** Adds the licence of the weights: the stated one, otherwise that of published weights with the source's file name. */
    Metadata licence(@Nullable String stated, String sourceName) {
        Optional<String> licence = Optional.ofNullable(stated)
                .or(() -> PublishedWeights.all().stream()
                        .filter(weights -> weights.fileName().equals(sourceName)
                                || weights.hubRepository().endsWith("/" + sourceName))
                        .map(PublishedWeights::licence)
                        .map(Licence::identifier)
                        .findFirst());
        licence.ifPresent(text -> entries.put("license", text));
        return this;
    }

    Metadata config(ObjectNode config) {
        entries.put("config", config.toString());
        return this;
    }

    Metadata labels(List<String> names) {
        entries.put("labels", JsonMapper.shared().writeValueAsString(names));
        return this;
    }

    /** Adds the parameters of the preprocessing stage, and whether it is part of the graph. */
    Metadata preprocess(PixelStage stage, boolean inGraph) {
        ObjectNode node = JsonMapper.shared().createObjectNode();
        node.put("in_graph", inGraph);
        node.put("fit", stage.fit().name().toLowerCase(Locale.ROOT));
        node.putPOJO("resize", List.of(stage.fitHeight(), stage.fitWidth()));
        node.putPOJO("crop", List.of(stage.height(), stage.width()));
        node.put("share", stage.share());
        node.put("filter", stage.filter().name().toLowerCase(Locale.ROOT));
        node.putPOJO("mean", stage.mean());
        node.putPOJO("std", stage.std());
        entries.put("preprocess", JsonMapper.shared().writeValueAsString(node));
        return this;
    }

    Map<String, String> entries() {
        return entries;
    }
}
