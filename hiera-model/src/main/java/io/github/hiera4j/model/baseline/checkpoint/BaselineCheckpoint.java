package io.github.hiera4j.model.baseline.checkpoint;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.baseline.MViTv2Config;
import io.github.hiera4j.model.baseline.VisionTransformerConfig;
import io.github.hiera4j.model.baseline.VisionTransformerMae;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraConfigBuilder;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.model.weights.config.OtherConfig;
import io.github.hiera4j.model.weights.keys.KeyStyle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A checkpoint of ViT, its masked autoencoder or MViTv2 from timm, transformers or the authors, recognised by its tensor names.
 *
 * <p>Sizes are read off the shapes. What the shapes do not determine (heads of ViT, its epsilon, the stride of MViTv2's keys) is taken from
 * {@code config.json} if present, and otherwise assumed as published, with a note.
 *
 * @param config the model
 * @param weights its tensors under the names of the released code
 * @param fileNames the name of each tensor in the file; for joined tensors, of the first part
 * @param style the naming convention of the file
 * @param description the {@code config.json} beside the weights
 * @param notes what was assumed
 */
public record BaselineCheckpoint(
        ModelConfig config,
        WeightSource weights,
        Map<String, String> fileNames,
        KeyStyle style,
        Optional<OtherConfig> description,
        List<String> notes) {
    private static final int MOST_BLOCKS = 1000;
    private static final int USUAL_HEAD = 64;

    /** Heads of the published ViTs that are not channels / 64. */
    private static final Map<Integer, Integer> PUBLISHED_HEADS = Map.of(1280, 16, 1408, 16, 1664, 16);

    /**
     * Copies the collections.
     *
     * @param config the model
     * @param weights its tensors
     * @param fileNames names in the file
     * @param style the naming convention of the file
     * @param description the {@code config.json} beside the weights
     * @param notes what was assumed
     */
    public BaselineCheckpoint {
        fileNames = Collections.unmodifiableMap(fileNames);
        notes = List.copyOf(notes);
    }

    /**
     * Recognises a checkpoint by the names of its tensors.
     *
     * @param bareToFile names without the prefixes of wrappers, mapped to the names in the file
     * @param file the tensors
     * @param weightFile the file, which may have a {@code config.json} beside it
     * @return empty if the file has neither model, or its {@code config.json} names a rung of the ladder
     * @throws io.github.hiera4j.model.HieraException if the file has such a model, but its configuration cannot be determined
     */
    public static Optional<BaselineCheckpoint> find(
            Map<String, String> bareToFile, WeightSource file, Path weightFile) {
        BaselineKeys.Kind kind = BaselineKeys.kind(bareToFile.keySet());
        if (kind == BaselineKeys.Kind.OTHER) {
            return Optional.empty();
        }
        Path beside = weightFile.toAbsolutePath().resolveSibling("config.json");
        Optional<OtherConfig> description = OtherConfig.read(beside);
        if (description.isPresent() && description.get().namesRung()) {
            return Optional.empty();
        }
        BaselineTensors tensors = BaselineTensors.of(file, BaselineKeys.released(kind, bareToFile));
        List<String> notes = new ArrayList<>();
        KeyStyle style;
        ModelConfig config;
        switch (kind) {
            case VIT, TRANSFORMERS_VIT -> {
                boolean transformers = kind == BaselineKeys.Kind.TRANSFORMERS_VIT;
                tensors = transformers ? tensors.without("pooler.", notes) : tensors;
                style = transformers ? KeyStyle.TRANSFORMERS : KeyStyle.OFFICIAL;
                config = new Inference(tensors, description, notes).visionTransformer(transformers);
            }
            default -> {
                style = kind == BaselineKeys.Kind.TIMM_MVITV2 ? KeyStyle.TIMM : KeyStyle.OFFICIAL;
                config = new Inference(tensors, description, notes).mvitv2();
            }
        }
        return Optional.of(new BaselineCheckpoint(config, tensors, tensors.fileNames(), style, description, notes));
    }

    /** Derives a configuration from the shapes. */
    private record Inference(BaselineTensors tensors, Optional<OtherConfig> description, List<String> notes) {

        ModelConfig visionTransformer(boolean transformers) {
            Shape patch = tensors.shape("patch_embed.proj.weight");
            check(patch.rank() == 4 && patch.size(1) == 3, "expected a ViT of RGB pictures, got patches %s", patch);
            int channels = tensors.shape("blocks.0.norm1.weight").size(0);
            int positions = tensors.shape("pos_embed").size(1) - 1; // without the class token
            List<Integer> patchSize = List.of(patch.size(2), patch.size(3));
            List<Integer> input = description
                    .flatMap(OtherConfig::inputSize)
                    .filter(size ->
                            (long) (size.get(0) / patchSize.get(0)) * (size.get(1) / patchSize.get(1)) == positions)
                    .orElseGet(() -> square(positions, patchSize));
            int heads = heads("num_attention_heads", channels);
            double epsilon = description
                    .flatMap(OtherConfig::layerNormEpsilon)
                    .orElse(transformers ? 1e-12 : VisionTransformerConfig.EPSILON);
            boolean averages = tensors.names().contains("fc_norm.weight");
            requirePooling(averages);
            int classes = tensors.names().contains("head.weight")
                    ? tensors.shape("head.weight").size(0)
                    : 0;
            notes.add("ViT: " + channels + " channels, patches " + patchSize + " and input " + input
                    + " read off the shapes");
            VisionTransformerConfig encoder = new VisionTransformerConfig(
                    input, patchSize, channels, depth("blocks."), heads, classes, averages, 0, epsilon);
            if (!tensors.names().contains("decoder_embed.weight")) {
                return encoder;
            }
            int decoder = tensors.shape("decoder_embed.weight").size(0);
            int decoderHeads = description
                    .flatMap(found -> found.integer("decoder_num_attention_heads"))
                    .or(() -> description.flatMap(found -> found.integer("decoder_num_heads")))
                    .orElseGet(() -> assumed("decoder heads", decoder % 32 == 0 ? decoder / 32 : 1));
            return new VisionTransformerMae(encoder, decoder, depth("decoder_blocks."), decoderHeads);
        }

        private void requirePooling(boolean averages) {
            description.ifPresent(found -> found.requirePooling(averages ? "avg" : "token"));
        }

        private int heads(String key, int channels) {
            return description
                    .flatMap(found -> found.integer(key))
                    .or(() -> description.flatMap(OtherConfig::timmHeads))
                    .or(() -> description.flatMap(found -> found.integer("num_heads")))
                    .orElseGet(() -> assumed(
                            "heads", PUBLISHED_HEADS.getOrDefault(channels, Math.max(1, channels / USUAL_HEAD))));
        }

        private int assumed(String what, int value) {
            notes.add(value + " " + what + " assumed as published");
            return value;
        }

        private static List<Integer> square(int positions, List<Integer> patch) {
            int side = (int) Math.round(Math.sqrt(positions));
            check(
                    side >= 1 && (long) side * side == positions,
                    "a position embedding of %d patches is not square: put a config.json with the input size beside it",
                    positions);
            return List.of(side * patch.get(0), side * patch.get(1));
        }

        private int depth(String prefix) {
            int depth = 0;
            while (tensors.names().contains(prefix + depth + ".norm1.weight")) {
                check(++depth <= MOST_BLOCKS, "more than %d blocks", MOST_BLOCKS);
            }
            check(depth > 0, "there is no tensor '%s0.norm1.weight'", prefix);
            return depth;
        }

        ModelConfig mvitv2() {
            Shape patch = tensors.shape("patch_embed.proj.weight");
            boolean isVideo = patch.rank() == 5;
            check(isVideo || patch.rank() == 4, "patch_embed.proj.weight has the shape %s", patch);
            int depth = depth("blocks.");
            int channels = tensors.shape("blocks.0.norm1.weight").size(0);
            boolean widensInAttention = true;
            List<Integer> stages = new ArrayList<>();
            int blocks = 0;
            for (int block = 0; block < depth; block++) {
                int in = tensors.shape("blocks." + block + ".norm1.weight").size(0);
                int attention =
                        tensors.shape("blocks." + block + ".attn.proj.weight").size(0);
                int out = tensors.shape("blocks." + block + ".mlp.fc2.weight").size(0);
                if (attention != in && block > 0) {
                    stages.add(blocks);
                    blocks = 0;
                }
                blocks++;
                if (out != attention) {
                    widensInAttention = false;
                    stages.add(blocks);
                    blocks = 0;
                }
            }
            check(blocks > 0, "the last block widens; expected a block that keeps its width");
            stages.add(blocks);
            int head = tensors.shape("blocks.0.attn.pool_q.weight").size(0);
            check(channels % head == 0, "%d channels are not a multiple of the head size %d", channels, head);
            List<Integer> input = new ArrayList<>(List.of(side("rel_pos_h") * 4, side("rel_pos_w") * 4));
            if (isVideo) {
                input.add(0, side("rel_pos_t") * 2);
            }
            int unit = 1 << (stages.size() - 1);
            int classes = tensors.names().contains("head.projection.weight")
                    ? tensors.shape("head.projection.weight").size(0)
                    : 0;
            HieraConfigBuilder shape = isVideo ? HieraConfig.video() : HieraConfig.image();
            HieraConfig sizes = shape.inputSize(input)
                    .embedDim(channels)
                    .numHeads(channels / head)
                    .stages(stages)
                    .qPool(stages.size() - 1)
                    .maskUnitSize(isVideo ? List.of(1, unit, unit) : List.of(unit, unit))
                    .maskUnitAttn(Collections.nCopies(stages.size(), false))
                    .numClasses(classes)
                    .build();
            boolean classToken = tensors.names().contains("cls_token");
            requirePooling(!classToken);
            int keys = assumed("is the stride of keys in the first stage,", isVideo ? 8 : 4);
            notes.add("MViTv2: " + channels + " channels, stages " + stages + " and input " + input
                    + " read off the shapes");
            return new MViTv2Config(sizes, widensInAttention, classToken, List.of(keys, keys));
        }

        /** Returns the number of tokens along an axis, from the first block's table of 2n − 1 relative positions. */
        private int side(String table) {
            return (tensors.shape("blocks.0.attn." + table).size(0) + 1) / 2;
        }
    }
}
