package io.github.hiera4j.detect.checkpoint;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Settings that older detector files do not contain: their values describe the computation at that time. */
final class LaterSettings {
    private LaterSettings() {}

    /** Adds the missing settings to a description. */
    static JsonNode completed(JsonNode description) {
        JsonNode config = description.path("config");
        JsonNode proposals = config.path("proposals");
        if (proposals instanceof ObjectNode rules) {
            putIfAbsent(rules, "rankedByProbability", false);
            if (!rules.has("smallestScore")) {
                rules.put("smallestScore", 0.0);
            }
        }
        if (proposals.path("anchors") instanceof ObjectNode anchors) {
            putIfAbsent(anchors, "stridesFromInput", false);
        }
        for (JsonNode rules : List.of(proposals, config.path("heads"))) {
            if (rules.path("matcher") instanceof ObjectNode matcher) {
                putIfAbsent(matcher, "guardedIou", true);
            }
        }
        return description;
    }

    private static void putIfAbsent(ObjectNode object, String name, boolean value) {
        if (!object.has(name)) {
            object.put(name, value);
        }
    }
}
