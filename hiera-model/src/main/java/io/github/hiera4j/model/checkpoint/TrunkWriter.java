package io.github.hiera4j.model.checkpoint;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.hieradet.HieraDet;
import io.github.hiera4j.model.hieradet.HieraDetConfig;
import io.github.hiera4j.model.io.Json;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.transfer.TrunkConversion;
import io.github.hiera4j.model.weights.ConvertedWeights;
import io.github.hiera4j.model.weights.DerivedWeights;
import io.github.hiera4j.model.weights.TensorInfo;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.model.weights.config.ConfigWriter;
import io.github.hiera4j.model.weights.keys.KeyStyle;
import io.github.hiera4j.model.weights.safetensors.SafetensorsWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes an image model's encoder as a HieraDet trunk: safetensors, and the {@code config.json} of transformers'
 * {@code Sam2HieraDetModel} beside it, which states windows and global blocks.
 *
 * @param conversion how the position embedding is converted
 * @param keys {@link KeyStyle#OFFICIAL}: names as in the original SAM 2 checkpoints, {@code image_encoder.trunk.…};
 *     {@link KeyStyle#TRANSFORMERS}: those of {@code Sam2HieraDetModel}
 * @param dtype element type of all tensors; empty for that of the stored patch embedding
 */
public record TrunkWriter(TrunkConversion conversion, KeyStyle keys, Optional<DType> dtype) {
    private static final String PATCHES = "patch_embed.proj.weight";

    /**
     * Checks the values.
     *
     * @param conversion how the position embedding is converted
     * @param keys {@link KeyStyle#OFFICIAL}: names as in the original SAM 2 checkpoints, {@code image_encoder.trunk.…};
     *     {@link KeyStyle#TRANSFORMERS}: those of {@code Sam2HieraDetModel}
     * @param dtype element type of all tensors; empty for that of the stored patch embedding
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public TrunkWriter {
        check(
                keys != KeyStyle.TIMM,
                "a trunk has official keys (those of SAM 2) or those of transformers: timm has no such model");
    }

    /**
     * Writes a trunk; an existing weight file is replaced, a {@code config.json} of another model is not.
     *
     * @param target a {@code .safetensors} file, or a directory, which is created if needed
     * @param model the settings of the model
     * @param size height and width of the trunk's input; no weight depends on it
     * @param official the model's tensors under official names
     * @return the files, weights first
     * @throws io.github.hiera4j.model.HieraException if the model has no trunk of this kind, see {@link TrunkConversion}, or the
     *     files cannot be written
     */
    public List<Path> write(Path target, ModelConfig model, List<Integer> size, WeightSource official) {
        check(size.size() == 2, "a trunk's size has two axes, height and width, got %s", size);
        HieraDetConfig trunk = conversion.config(model).resized(size.get(0), size.get(1));
        Path file = file(target);
        Path configFile = file.resolveSibling("config.json");
        String description = Json.MAPPER.writeValueAsString(fields(trunk)) + "\n";
        CheckpointWriter.checkNoOtherModel(configFile, description, Files.exists(file));
        DType type = dtype.orElseGet(() -> official.info(PATCHES).dtype());
        SafetensorsWriter.write(file, new ConvertedWeights(weights(model, official), type), Map.of("format", "pt"));
        ConfigWriter.write(configFile, description);
        return List.of(file, configFile);
    }

    private static Path file(Path target) {
        Path name = target.toAbsolutePath().normalize().getFileName();
        check(
                !target.toString().isBlank() && name != null,
                "'%s': expected a file or a directory to write to; the root of the file system is neither",
                target);
        String text = String.valueOf(target.getFileName()).toLowerCase(Locale.ROOT);
        if (Files.isDirectory(target) || !text.contains(".")) {
            CheckpointWriter.createDirectory(target);
            return target.resolve("model.safetensors");
        }
        check(
                text.endsWith(".safetensors"),
                "%s: a trunk is written to a .safetensors file or into a directory",
                target);
        return target;
    }

    private WeightSource weights(ModelConfig model, WeightSource official) {
        if (keys == KeyStyle.OFFICIAL) {
            return conversion.weights(official, model, HieraDet.SAM2_PREFIX + ".");
        }
        return new TransformersNames(conversion.weights(official, model, ""));
    }

    /** A trunk's weights under the names of transformers. */
    private static final class TransformersNames extends DerivedWeights {
        private final Map<String, String> names = new LinkedHashMap<>();

        TransformersNames(WeightSource trunk) {
            super(trunk);
            trunk.names().forEach(name -> names.put(transformersName(name), name));
        }

        @Override
        public Set<String> names() {
            return Collections.unmodifiableSet(names.keySet());
        }

        @Override
        public TensorInfo info(String name) {
            return super.info(Objects.requireNonNull(names.get(name), name));
        }

        @Override
        public HostTensor read(String name) {
            return super.read(Objects.requireNonNull(names.get(name), name));
        }
    }

    private static String transformersName(String name) {
        return name.replace("patch_embed.proj.", "patch_embed.projection.")
                .replace(".norm1.", ".layer_norm1.")
                .replace(".norm2.", ".layer_norm2.")
                .replace(".mlp.layers.0.", ".mlp.proj_in.")
                .replace(".mlp.layers.1.", ".mlp.proj_out.");
    }

    private static Map<String, Object> fields(HieraDetConfig trunk) {
        check(
                trunk.windowEmbedding() == trunk.windows().get(0),
                "a trunk's window embedding must be as large as its first window: expected %d, got %d",
                trunk.windows().get(0),
                trunk.windowEmbedding());
        List<Integer> dims = new ArrayList<>();
        List<Integer> heads = new ArrayList<>();
        for (int stage = 0; stage < trunk.stages().size(); stage++) {
            dims.add((int) (trunk.embedDim() * Math.pow(trunk.dimMul(), stage)));
            heads.add((int) (trunk.numHeads() * Math.pow(trunk.headMul(), stage)));
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("architectures", List.of("Sam2HieraDetModel"));
        fields.put("model_type", "sam2_hiera_det_model");
        fields.put("image_size", trunk.inputSize());
        fields.put("num_channels", trunk.inChans());
        fields.put("hidden_size", trunk.embedDim());
        fields.put("num_attention_heads", trunk.numHeads());
        fields.put("blocks_per_stage", trunk.stages());
        fields.put("embed_dim_per_stage", dims);
        fields.put("num_attention_heads_per_stage", heads);
        fields.put("num_query_pool_stages", trunk.qPool());
        fields.put("query_stride", List.of(2, 2));
        fields.put("window_size_per_stage", trunk.windows());
        fields.put("global_attention_blocks", List.copyOf(new TreeSet<>(trunk.globalBlocks())));
        fields.put("window_positional_embedding_background_size", trunk.positionGrid());
        fields.put("patch_kernel_size", square(trunk.patchKernel()));
        fields.put("patch_stride", square(trunk.patchStride()));
        fields.put("patch_padding", square(trunk.patchPadding()));
        fields.put("mlp_ratio", trunk.mlpRatio());
        fields.put("layer_norm_eps", trunk.layerNormEps());
        fields.put("hidden_act", "gelu");
        return fields;
    }

    private static List<Integer> square(int size) {
        return List.of(size, size);
    }
}
