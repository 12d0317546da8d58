package io.github.hiera4j.model.sam.checkpoint;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.hieradet.HieraDetConfig;
import io.github.hiera4j.model.sam.MaskChoice;
import io.github.hiera4j.model.sam.Sam2Config;
import io.github.hiera4j.model.sam.Sam2Variant;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Infers a configuration: widths and depths from the shapes of the tensors, the rest from transformers' {@code config.json}
 * if present, otherwise from the published model with the same widths and depths.
 */
final class Sam2ConfigReader {
    private static final String TRUNK = "image_encoder.trunk.";
    private static final String DECODER = "sam_mask_decoder.";
    private static final int MOST_BLOCKS = 1000;

    private final WeightSource weights;
    private final Sam2ConfigFile file;
    private final List<String> lines = new ArrayList<>();

    /**
     * A configuration and its origin.
     *
     * @param config the model
     * @param lines what was inferred and what was assumed, one sentence each
     */
    record Result(Sam2Config config, List<String> lines) {
        Result {
            lines = List.copyOf(lines);
        }
    }

    private Sam2ConfigReader(WeightSource weights, Sam2ConfigFile file) {
        this.weights = weights;
        this.file = file;
    }

    /** Throws a {@code HieraException} that names the file if the tensors cannot be a SAM 2 model. */
    static Result read(WeightSource weights, Sam2ConfigFile file) {
        Sam2ConfigReader reader = new Sam2ConfigReader(weights, file);
        try {
            return new Result(reader.config(), reader.lines);
        } catch (HieraException e) {
            throw new HieraException(
                    weights.description() + ": the model cannot be inferred from its tensors (" + e.getMessage() + ")",
                    e);
        }
    }

    private Sam2Config config() {
        HieraDetConfig trunk = trunk();
        int dim = shape("image_encoder.neck.convs.0.conv.weight", 4).size(0);
        String layer = DECODER + "transformer.layers.";
        lines.add("decoder " + dim + " wide, read off the shapes");
        return new Sam2Config(
                trunk,
                dim,
                Set.copyOf(file.topDownLevels().orElse(List.of(2, 3))),
                shape("sam_prompt_encoder.mask_downscaling.3.weight", 4).size(0),
                count(layer, ".norm1.weight"),
                file.decoderHeads().orElse(8),
                shape(layer + "0.mlp.layers.0.weight", 2).size(0),
                shape(layer + "0.cross_attn_token_to_image.q_proj.weight", 2).size(0),
                shape(DECODER + "iou_prediction_head.layers.0.weight", 2).size(0),
                shape(DECODER + "mask_tokens.weight", 2).size(0) - 1,
                file.maskChoice().orElse(MaskChoice.PUBLISHED));
    }

    private HieraDetConfig trunk() {
        Shape patch = shape(TRUNK + "patch_embed.proj.weight", 4); // [C, in, k, k]
        Shape position = shape(TRUNK + "pos_embed", 4); // [1, C, g, g]
        List<Integer> stages = stages();
        int embedDim = patch.size(0);
        lines.add("embed_dim " + embedDim + ", stages " + stages + " read off the shapes");
        Optional<HieraDetConfig> published = Sam2Variant.matching(embedDim, stages)
                .map(variant -> variant.config().trunk());
        if (!file.isPresent() && published.isPresent()) {
            lines.add("windows " + published.get().windows() + ", global blocks "
                    + new TreeSet<>(published.get().globalBlocks()) + ", heads and image size 1024 as published");
        }
        int mlp = shape(TRUNK + "blocks.0.mlp.layers.0.weight", 2).size(0);
        return HieraDetConfig.builder()
                .inputSize(file.imageSize().orElse(List.of(1024, 1024)))
                .inChans(patch.size(1))
                .embedDim(embedDim)
                .numHeads(stated(file.numHeads(), published.map(HieraDetConfig::numHeads), "heads"))
                .stages(stages)
                .windows(stated(file.windows(), published.map(HieraDetConfig::windows), "window sizes"))
                .globalBlocks(Set.copyOf(stated(
                        file.globalBlocks(),
                        published.map(config -> List.copyOf(config.globalBlocks())),
                        "global blocks")))
                .positionGrid(List.of(position.size(2), position.size(3)))
                .windowEmbedding(shape(TRUNK + "pos_embed_window", 4).size(2))
                .patchKernel(patch.size(2))
                .patchPadding(patch.size(2) / 2)
                .mlpRatio((double) mlp / embedDim)
                .build();
    }

    private static <T> T stated(Optional<T> inFile, Optional<T> published, String what) {
        return inFile.or(() -> published)
                .orElseThrow(() -> new HieraException(
                        "no published model has these widths and depths, and no tensor determines the " + what
                                + ": put transformers' config.json of the model beside the file, or name it"));
    }

    /** Counts the blocks of each stage; a stage begins with a block whose output is wider than its input. */
    private List<Integer> stages() {
        List<Integer> stages = new ArrayList<>();
        int blocks = 0;
        for (int block = 0; weights.contains(blockName(block) + "norm1.weight"); block++) {
            check(block < MOST_BLOCKS, "more than %d blocks", MOST_BLOCKS);
            int in = shape(blockName(block) + "norm1.weight", 1).size(0);
            int out = shape(blockName(block) + "attn.proj.weight", 2).size(0);
            if (in != out && block > 0) {
                stages.add(blocks);
                blocks = 0;
            }
            blocks++;
        }
        check(blocks > 0, "there is no tensor '%snorm1.weight'", blockName(0));
        stages.add(blocks);
        return stages;
    }

    private static String blockName(int block) {
        return TRUNK + "blocks." + block + ".";
    }

    private int count(String before, String after) {
        int count = 0;
        while (count < MOST_BLOCKS && weights.contains(before + count + after)) {
            count++;
        }
        return count;
    }

    private Shape shape(String name, int rank) {
        check(weights.contains(name), "there is no tensor '%s'", name);
        Shape shape = weights.info(name).shape();
        check(shape.rank() == rank && shape.elements() > 0, "'%s' has the shape %s", name, shape);
        return shape;
    }
}
