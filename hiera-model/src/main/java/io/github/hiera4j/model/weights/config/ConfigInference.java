package io.github.hiera4j.model.weights.config;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraConfigBuilder;
import io.github.hiera4j.model.network.HieraVariant;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Infers a model's configuration from the shapes of its tensors if no file describes it.
 *
 * <p>Widths, depths, classes and the kind of model are read off. What shapes do not determine (heads, strides, an input that is
 * not square) is assumed as published; every assumption is reported.
 */
public final class ConfigInference {
    private static final int MOST_BLOCKS = 1000;

    private final WeightSource weights;
    private final List<String> lines = new ArrayList<>();

    private ConfigInference(WeightSource weights) {
        this.weights = weights;
    }

    /**
     * The inferred configuration.
     *
     * @param config the model
     * @param lines what was read off and what was assumed, one sentence each
     */
    public record Result(ModelConfig config, List<String> lines) {
        /**
         * Copies the collections.
         *
         * @param config the model
         * @param lines what was read off and what was assumed, one sentence each
         */
        public Result {
            lines = List.copyOf(lines);
        }
    }

    /**
     * Infers from tensors under their official names; throws a {@code HieraException} if they cannot be a Hiera.
     *
     * @param weights its parameters by official name; may be closed afterwards
     * @return the settings, with a line for each that was inferred
     */
    public static Result infer(WeightSource weights) {
        ConfigInference inference = new ConfigInference(weights);
        try {
            ModelConfig config = inference.model();
            return new Result(config, inference.lines);
        } catch (HieraException e) {
            throw new HieraException(
                    weights.description() + ": the model cannot be inferred from its tensors (" + e.getMessage()
                            + "); put a config.json beside the file",
                    e);
        }
    }

    private ModelConfig model() {
        HieraConfigBuilder encoder = patches();
        List<Integer> stages = stages();
        int embedDim = dimIn(0);
        int transitions = stages.size() - 1;
        encoder.embedDim(embedDim).stages(stages).dimMul(dimMul(stages)).mlpRatio((double) mlpDim() / dimOut(0));
        encoder.maskUnitAttn(
                IntStream.range(0, stages.size()).mapToObj(stage -> stage < 2).toList());
        boolean mae = ConfigFile.isMae(weights);
        int qPool = mae ? fusionHeads() : Math.min(3, transitions);
        encoder.qPool(qPool);
        int heads = heads(embedDim, stages);
        encoder.numHeads(heads);
        int classes = weights.contains("head.projection.weight")
                ? shape("head.projection.weight").size(0)
                : 0;
        encoder.numClasses(classes);
        assume((mae ? "masked autoencoder" : classes + " classes") + ", embed_dim " + embedDim + ", stages " + stages
                + " read off the shapes");
        assume("num_heads " + heads + (mae ? "" : ", q_pool " + qPool)
                + ", mask-unit attention in the first two stages and" + " layer_norm_eps 1e-6 assumed as published");
        if (!mae && !ConfigFile.hasFinalNorm(weights)) {
            encoder.finalNorm(false);
            assume("no final norm among the tensors: stage maps only");
        }
        geometry(encoder, transitions);
        layerScale(encoder);
        HieraConfig config = encoder.build();
        return mae ? decoder(config, embedDim / heads) : config;
    }

    /** Reads the kernel from the weights; strides are as published for its number of axes. */
    private HieraConfigBuilder patches() {
        Shape patch = shape("patch_embed.proj.weight"); // [C, in, (kt,) kh, kw]
        int axes = patch.rank() - 2;
        check(axes >= 1 && axes <= 3, "patch_embed.proj.weight has the shape %s", patch);
        List<Integer> kernel =
                IntStream.range(0, axes).mapToObj(axis -> patch.size(axis + 2)).toList();
        HieraConfigBuilder builder = axes == 3 ? HieraConfig.video().sepPosEmbed(false) : HieraConfig.image();
        List<Integer> stride = axes == 3 ? List.of(2, 4, 4) : Collections.nCopies(axes, 4);
        assume("patch_kernel " + kernel + " read off the shapes, patch_stride " + stride + " assumed");
        return builder.inChans(patch.size(1))
                .patchKernel(kernel)
                .patchStride(stride)
                .patchPadding(kernel.stream().map(size -> size / 2).toList());
    }

    /** Counts the blocks of each stage; a stage begins with a block whose output is wider than its input. */
    private List<Integer> stages() {
        List<Integer> stages = new ArrayList<>();
        int blocks = 0;
        for (int block = 0; weights.contains("blocks." + block + ".norm1.weight"); block++) {
            check(block < MOST_BLOCKS, "more than %d blocks", MOST_BLOCKS);
            if (block > 0 && dimIn(block) != dimOut(block)) {
                stages.add(blocks);
                blocks = 0;
            }
            blocks++;
        }
        check(blocks > 0, "there is no tensor 'blocks.0.norm1.weight'");
        stages.add(blocks);
        return stages;
    }

    private double dimMul(List<Integer> stages) {
        int second = stages.get(0);
        return stages.size() > 1 ? (double) dimOut(second) / dimIn(second) : 2.0;
    }

    private int heads(int embedDim, List<Integer> stages) {
        for (HieraVariant variant : HieraVariant.values()) {
            if (variant.embedDim() == embedDim && variant.stages().equals(stages)) {
                return variant.numHeads();
            }
        }
        return embedDim % 96 == 0 ? embedDim / 96 : embedDim % 64 == 0 ? embedDim / 64 : 1;
    }

    /** Assumes strides and mask units as published: pooling by two in space, none in time. */
    private void geometry(HieraConfigBuilder encoder, int transitions) {
        int axes = shape("patch_embed.proj.weight").rank() - 2;
        List<Integer> qStride = axes == 3 ? List.of(1, 2, 2) : Collections.nCopies(axes, 2);
        check(transitions <= 16, "%d stages", transitions + 1);
        List<Integer> maskUnit = qStride.stream()
                .map(stride -> stride == 1 ? 1 : 1 << transitions)
                .toList();
        encoder.qStride(qStride).maskUnitSize(maskUnit);
        assume("q_stride " + qStride + " and mask_unit_size " + maskUnit + " assumed");
        List<Integer> input = inputSize(encoder, axes);
        encoder.inputSize(input);
        assume("input_size " + input + " read off the position embedding, assuming a square image");
    }

    private List<Integer> inputSize(HieraConfigBuilder encoder, int axes) {
        if (weights.contains("pos_embed_spatial")) {
            check(axes == 3, "a separate position embedding over %d axes", axes);
            encoder.sepPosEmbed(true);
            int side = 4 * side(shape("pos_embed_spatial").size(1));
            return List.of(2 * shape("pos_embed_temporal").size(1), side, side);
        }
        Shape embedding = shape("pos_embed");
        if (weights.contains("pos_embed_win")) {
            encoder.absWinPosEmbed(true).globalPosSize(List.of(embedding.size(2), embedding.size(3)));
            assume("input_size is not in the weights of an abs-win model: 256 × 256 assumed as published");
            return List.of(256, 256);
        }
        int tokens = embedding.size(1); // [1, N, C]
        return switch (axes) {
            case 1 -> List.of(4 * tokens);
            case 2 -> List.of(4 * side(tokens), 4 * side(tokens));
            default -> jointVideoSize(tokens);
        };
    }

    /** Infers the size from one embedding for time and space: tries the published eight steps first, then other numbers that leave a square. */
    private static List<Integer> jointVideoSize(int tokens) {
        for (int steps : List.of(8, 4, 2, 16, 1, 32)) {
            int side = (int) Math.round(Math.sqrt((double) tokens / steps));
            if ((long) side * side * steps == tokens) {
                return List.of(2 * steps, 4 * side, 4 * side);
            }
        }
        throw new HieraException("a position embedding of " + tokens + " tokens is not a square video");
    }

    private static int side(int tokens) {
        int side = (int) Math.round(Math.sqrt(tokens));
        check((long) side * side == tokens, "a position embedding of %d tokens is not a square image", tokens);
        return side;
    }

    private void layerScale(HieraConfigBuilder encoder) {
        if (weights.contains("blocks.0.ls1.gamma")) {
            encoder.initValues(1e-5);
        }
        boolean widens = IntStream.range(1, MOST_BLOCKS)
                .takeWhile(block -> weights.contains("blocks." + block + ".norm1.weight"))
                .anyMatch(block -> dimIn(block) != dimOut(block));
        boolean projects = weights.names().stream().anyMatch(name -> name.matches("blocks\\.\\d+\\.proj\\.weight"));
        encoder.useExpandProj(projects || !widens);
    }

    private MaeConfig decoder(HieraConfig encoder, int encoderHeadDim) {
        int dim = shape("decoder_embed.weight").size(0);
        int depth = 0;
        while (depth < MOST_BLOCKS && weights.contains("decoder_blocks." + depth + ".norm1.weight")) {
            depth++;
        }
        int headDim = Math.max(1, Math.min(32, encoderHeadDim)); // released: 512 / 16 = 32
        int heads = dim % headDim == 0 ? dim / headDim : 1;
        assume("decoder " + dim + " wide and " + depth + " deep read off the shapes, its " + heads + " heads assumed");
        return new MaeConfig(encoder, dim, depth, heads);
    }

    private int fusionHeads() {
        return (int) weights.names().stream()
                .filter(name -> name.matches("multi_scale_fusion_heads\\.\\d+\\.weight"))
                .count();
    }

    private int dimIn(int block) {
        return shape("blocks." + block + ".norm1.weight").size(0);
    }

    private int dimOut(int block) {
        return shape("blocks." + block + ".attn.proj.weight").size(0);
    }

    private int mlpDim() {
        return shape("blocks.0.mlp.fc1.weight").size(0);
    }

    private Shape shape(String name) {
        check(weights.contains(name), "there is no tensor '%s'", name);
        Shape shape = weights.info(name).shape();
        int rank =
                name.startsWith("pos_embed") ? (weights.contains("pos_embed_win") ? 4 : 3) : Math.min(shape.rank(), 5);
        check(shape.rank() == rank && rank > 0 && shape.elements() > 0, "'%s' has the shape %s", name, shape);
        return shape;
    }

    private void assume(String line) {
        lines.add(line);
    }
}
