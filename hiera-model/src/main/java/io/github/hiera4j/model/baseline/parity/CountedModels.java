package io.github.hiera4j.model.baseline.parity;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.baseline.BaselineVariant;
import io.github.hiera4j.model.baseline.LadderConfig;
import io.github.hiera4j.model.baseline.LadderMae;
import io.github.hiera4j.model.baseline.MViTv2Config;
import io.github.hiera4j.model.baseline.Rung;
import io.github.hiera4j.model.baseline.VisionTransformerConfig;
import io.github.hiera4j.model.baseline.VisionTransformerMae;
import io.github.hiera4j.model.baseline.peers.PeerVariant;
import io.github.hiera4j.model.cost.ModelCost;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.io.Json;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.network.Axes;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraVariant;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Counts of parameters and multiplications of published models, compared with those of the references. */
public final class CountedModels {
    private CountedModels() {}

    /**
     * One model.
     *
     * @param model its name and other distinguishing settings
     * @param parameters the reference's count
     * @param multiplyAccumulates the reference's count per sample, without an autoencoder's discarded predictions of visible pixels
     * @param actual the counts of the graph
     */
    public record Count(String model, long parameters, long multiplyAccumulates, ModelCost actual) {
        /** {@return whether all counts equal those of the reference} */
        public boolean ok() {
            return actual.parameters() == parameters && actual.multiplyAccumulates() == multiplyAccumulates;
        }
    }

    /**
     * The counts of a file.
     *
     * @param counts the counts of every model
     */
    public record Report(List<Count> counts) {
        /**
         * Copies the list.
         *
         * @param counts the counts of every model
         */
        public Report {
            counts = List.copyOf(counts);
        }

        /** {@return whether all counts equal those of the reference} */
        public boolean ok() {
            return counts.stream().allMatch(Count::ok);
        }
    }

    /**
     * {@return the comparison of a file of counts with the graphs; empty if the file describes something else}
     *
     * @param file the file
     */
    public static Optional<Report> compare(Path file) {
        JsonNode json = Json.read(file);
        if (!json.isObject() || !json.path("counts").isArray()) {
            return Optional.empty();
        }
        List<Count> counts = new ArrayList<>();
        try {
            for (JsonNode entry : json.path("counts")) {
                String model = entry.path("model").stringValue("");
                ModelCost cost = ModelCost.of(graph(model, entry));
                long macs = entry.path("macs").asLong() - notPredicted(model, entry);
                counts.add(new Count(model, entry.path("params").asLong(), macs, cost));
            }
        } catch (HieraException fault) {
            throw fault.withMessage(file + ": " + fault.getMessage());
        }
        return Optional.of(new Report(counts));
    }

    /** Returns the multiplications of predictions for visible units and ViT's class token, which only the references compute. */
    private static long notPredicted(String model, JsonNode entry) {
        if (model.startsWith("mae_vit_")) { // for the class token
            VisionTransformerMae vit = VisionTransformerMae.around(visionTransformer(model.split(" ", -1)[0]));
            return (long) vit.decoderDim() * vit.patchValues();
        }
        if (!model.startsWith("ladder ") || !model.contains("MAE")) {
            return 0;
        }
        String size = model.split(" ", -1)[2];
        MaeConfig mae = MaeConfig.around(hiera("hiera_" + size, model.contains(" video")));
        long tokens = (long) Fields.integer(entry, "visible_units") * Axes.product(mae.finalUnitSize());
        return tokens * mae.decoderEmbedDim() * mae.predictionDim();
    }

    private static Graph graph(String model, JsonNode entry) {
        boolean isVideo = model.contains(" video");
        boolean isMae = model.contains("MAE");
        String[] words = model.split("[ ,]+", -1);
        if (words[0].equals("ladder")) {
            check(words.length >= 3, "expected a rung and a size in '%s'", Printable.of(model));
            HieraConfig hiera = hiera("hiera_" + words[2], isVideo);
            Rung rung = Rung.parse(words[1]);
            return isMae
                    ? new LadderMae(MaeConfig.around(hiera), rung, true)
                            .inferenceGraph(Fields.integer(entry, "visible_units"))
                            .select("loss")
                    : LadderConfig.of(hiera, rung).inferenceGraph().select(Hiera.LOGITS);
        }
        if (words[0].startsWith("hiera_")) {
            return hiera(words[0], isVideo).inferenceGraph().select(Hiera.LOGITS);
        }
        if (words[0].startsWith("swin_") || words[0].startsWith("convnextv2_")) {
            return PeerVariant.named(words[0]).model().inferenceGraph().select(Hiera.LOGITS);
        }
        if (words[0].startsWith("mae_vit_")) {
            return VisionTransformerMae.around(visionTransformer(words[0]))
                    .graph(Fields.integer(entry, "visible_patches"))
                    .select("loss");
        }
        if (words[0].startsWith("vit_")) {
            String name = isVideo ? words[0] + "_patch16_16x224" : words[0];
            return BaselineVariant.named(name).model().inferenceGraph().select(Hiera.LOGITS);
        }
        MViTv2Config config =
                BaselineVariant.named(isVideo ? words[0] + "_16x224" : words[0]).mvitv2();
        boolean inAttention = !entry.path("expand").stringValue("").equals("MLP");
        int keyStride = entry.has("kv_stride")
                ? Fields.integers(entry.path("kv_stride")).get(0)
                : config.firstKeyStride().get(0);
        return new MViTv2Config(config.shape(), inAttention, config.hasClassToken(), List.of(keyStride, keyStride))
                .inferenceGraph()
                .select(Hiera.LOGITS);
    }

    private static VisionTransformerConfig visionTransformer(String autoencoder) {
        return BaselineVariant.named(autoencoder.substring("mae_".length()) + "_224")
                .visionTransformer(false);
    }

    private static HieraConfig hiera(String name, boolean isVideo) {
        return HieraVariant.named(name + (isVideo ? "_16x224" : "_224")).config();
    }
}
