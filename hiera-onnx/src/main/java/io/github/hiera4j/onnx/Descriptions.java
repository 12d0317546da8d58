package io.github.hiera4j.onnx;

import io.github.hiera4j.model.mae.HieraMae;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.sam.Sam2ImageEncoder;
import io.github.hiera4j.onnx.graph.MaskStage;
import io.github.hiera4j.onnx.graph.PromptStage;
import java.util.Map;

/** Descriptions of inputs and outputs for people who inspect the file: axes, units, ranges. */
final class Descriptions {
    private static final Map<String, String> TEXTS = Map.ofEntries(
            Map.entry(
                    HieraEncoder.INPUT, "normalised pixels, channels red, green, blue: [batch, channel, (time,) y, x]"),
            Map.entry("image", "decoded pixels, 0 to 255: [batch, y, x, channel], channels red, green, blue; any size"),
            Map.entry(
                    "video",
                    "decoded frames, 0 to 255: [batch, time, y, x, channel], channels red, green, blue; any size"),
            Map.entry(Hiera.LOGITS, "class scores before the softmax: [batch, class]"),
            Map.entry(Hiera.PROBABILITIES, "class probabilities: [batch, class]"),
            Map.entry(Hiera.EMBEDDING, "pooled and normalised token: [batch, channel]"),
            Map.entry(MaskStage.VISIBLE, "indices of the visible mask units, raster order (time, y, x): [batch, unit]"),
            Map.entry(HieraMae.LATENT, "encoding of the visible units: [batch, unit, (time,) y, x, channel]"),
            Map.entry(HieraMae.PREDICTION, "reconstructed patches of the hidden tokens: [batch, token, value]"),
            Map.entry(HieraMae.TARGET, "normalised pixels of the hidden tokens' patches: [batch, token, value]"),
            Map.entry(HieraMae.LOSS, "mean squared error of all hidden patches: [1]"),
            Map.entry(
                    Sam2ImageEncoder.EMBEDDING,
                    "tokens of the image at stride 16, raster order: [batch, token, channel]"),
            Map.entry(Sam2ImageEncoder.HIGH_RESOLUTION_0, "features at stride 4: [batch, y, x, channel]"),
            Map.entry(Sam2ImageEncoder.HIGH_RESOLUTION_1, "features at stride 8: [batch, y, x, channel]"),
            Map.entry(PromptStage.COORDINATES, "x and y in pixels of the square input: [object, point, 2]"),
            Map.entry(
                    PromptStage.LABELS,
                    "0 outside, 1 inside, 2 and 3 corners of a box, -1 ends points without a box, -2 unused: [object, point]"),
            Map.entry(PromptStage.MASK, "logits of an earlier mask: [object, y, x]"),
            Map.entry(
                    OnnxModels.MASKS,
                    "mask logits at stride 4, above 0 inside; mask 0 is for unambiguous prompts: [object, mask, y, x]"),
            Map.entry(OnnxModels.QUALITY, "predicted intersection over union of each mask: [object, mask]"),
            Map.entry(OnnxModels.OBJECT_SCORE, "above 0 where the object is seen: [object, 1]"));

    private Descriptions() {}

    /** Returns the description of an input or output; empty if there is none. */
    static String of(String name) {
        if (name.matches("stage\\d{1,3}")) {
            return "features at the end of the stage, spatial order: [batch, (time,) y, x, channel]";
        }
        return TEXTS.getOrDefault(name, "");
    }
}
