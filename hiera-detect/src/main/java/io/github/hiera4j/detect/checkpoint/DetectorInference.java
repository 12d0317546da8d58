package io.github.hiera4j.detect.checkpoint;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.detect.network.HeadRules;
import io.github.hiera4j.detect.network.MaskRcnnConfig;
import io.github.hiera4j.detect.network.ProposalRules;
import io.github.hiera4j.detect.network.Trunk;
import io.github.hiera4j.model.hieradet.HieraDetConfig;
import io.github.hiera4j.model.hieradet.HieraDetVariant;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Infers a detector's settings from the names and shapes in a file. */
final class DetectorInference {
    private static final String BOX = "roi_heads.box_head.";

    private final WeightSource file;
    private final DetectorKeys keys;

    DetectorInference(WeightSource file, DetectorKeys keys) {
        this.file = file;
        this.keys = keys;
    }

    /** Finds the name of a weight in a file; Detectron2's prefixes may be missing. */
    static Optional<String> find(Set<String> names, DetectorKeys keys, String name, int boxConvolutions) {
        String usual = keys.fileName(name, boxConvolutions);
        return Stream.of(usual, usual.replace("backbone.bottom_up.", "backbone."), name)
                .filter(names::contains)
                .findFirst();
    }

    MaskRcnnConfig config(List<String> notes) {
        int convolutions = convolutions();
        boolean norms = shape("fpn_lateral2.norm.weight", convolutions).isPresent();
        Trunk trunk = Trunk.of(trunk(convolutions, notes));
        int classes = required("roi_heads.box_predictor.cls_score.weight", convolutions)
                        .size(0)
                - 1;
        check(classes >= 1, "cls_score has no class besides the background");
        MaskRcnnConfig preset = keys == DetectorKeys.TORCHVISION
                ? MaskRcnnConfig.torchvision(trunk, classes)
                : MaskRcnnConfig.detectron2(trunk, classes);
        int channels = required("fpn_output2.weight", convolutions).size(0);
        notes.add("there is no config.json for this detector: assuming the rules of "
                + (keys == DetectorKeys.TORCHVISION ? "torchvision" : "Detectron2")
                + ", ImageNet's normalisation, and numbers as class names");
        return new MaskRcnnConfig(
                trunk,
                shape("scale2_norm.weight", convolutions).isPresent(),
                channels,
                norms,
                preset.normEps(),
                classes,
                preset.input(),
                proposals(preset.proposals(), convolutions),
                heads(preset.heads(), convolutions),
                preset.output());
    }

    /** Returns the number of convolutions in the box head, which determines the layer names in torchvision. */
    private int convolutions() {
        int count = 0;
        while (find(file.names(), keys, BOX + "conv" + (count + 1) + ".weight", count + 1)
                .isPresent()) {
            count++;
        }
        return count;
    }

    private Optional<Shape> shape(String name, int convolutions) {
        return find(file.names(), keys, name, convolutions)
                .map(found -> file.info(found).shape());
    }

    private Shape required(String name, int convolutions) {
        Optional<Shape> shape = shape(name, convolutions);
        check(shape.isPresent(), "the tensor '%s' is missing", keys.fileName(name, convolutions));
        return shape.orElseThrow();
    }

    private ProposalRules proposals(ProposalRules preset, int convolutions) {
        String head = "proposal_generator.rpn_head.";
        int hidden = 0;
        while (shape(head + "conv.conv" + hidden + ".weight", convolutions).isPresent()) {
            hidden++;
        }
        return preset.withHead(
                Math.max(1, hidden),
                shape(head + "conv.conv0.norm.weight", convolutions).isPresent());
    }

    private HeadRules heads(HeadRules preset, int convolutions) {
        List<Integer> layers = new ArrayList<>();
        for (int number = 1;
                shape(BOX + "fc" + number + ".weight", convolutions).isPresent();
                number++) {
            layers.add(required(BOX + "fc" + number + ".weight", convolutions).size(0));
        }
        int masks = 0;
        while (shape("roi_heads.mask_head.mask_fcn" + (masks + 1) + ".weight", convolutions)
                .isPresent()) {
            masks++;
        }
        return new HeadRules(
                preset.levels(),
                preset.matcher(),
                preset.sampler(),
                preset.deltas(),
                preset.alignedPooling(),
                preset.samplingRatio(),
                preset.boxBins(),
                convolutions,
                layers,
                preset.maskBins(),
                masks,
                preset.lossBeta(),
                preset.softTargets());
    }

    private HieraDetConfig trunk(int convolutions, List<String> notes) {
        Shape positions = required("pos_embed", convolutions);
        check(
                positions.rank() == 4,
                "pos_embed has the shape %s, expected [1, C, rows, columns]: a plain Hiera trunk needs a config.json",
                positions);
        Optional<Shape> window = shape("pos_embed_window", convolutions);
        int width = positions.size(1);
        List<Integer> stages = stages(convolutions);
        Optional<HieraDetVariant> published = HieraDetVariant.matching(width, stages);
        HieraDetConfig known = published
                .map(HieraDetVariant::config)
                .orElseGet(() -> HieraDetConfig.builder()
                        .embedDim(width)
                        .numHeads(Math.max(1, Math.round(width / 96f)))
                        .stages(stages)
                        .globalBlocks(globalBlocks(stages))
                        .build());
        if (published.isEmpty()) {
            notes.add("windows 8, 4, 14, 7, " + known.numHeads() + " heads and the global blocks "
                    + known.globalBlocks() + " are assumed");
        }
        return known.toBuilder()
                .positionGrid(List.of(positions.size(2), positions.size(3)))
                .windowEmbedding(window.map(shape -> shape.size(2)).orElse(0))
                .build();
    }

    private List<Integer> stages(int convolutions) {
        List<Integer> stages = new ArrayList<>();
        int count = 0;
        int block = 0;
        while (shape("blocks." + block + ".norm1.weight", convolutions).isPresent()) {
            if (shape("blocks." + block + ".proj.weight", convolutions).isPresent()) {
                stages.add(count);
                count = 0;
            }
            count++;
            block++;
        }
        stages.add(count);
        return stages;
    }

    /** Returns three blocks of the longest stage, as in SAM 2. */
    private static Set<Integer> globalBlocks(List<Integer> stages) {
        int longest = stages.stream().mapToInt(Integer::intValue).max().orElse(1);
        int end = 0;
        for (int depth : stages) {
            end += depth;
            if (depth == longest) {
                break;
            }
        }
        Set<Integer> global = new TreeSet<>();
        int distance = (longest + 3) / 4;
        for (int block = end - 1; block > end - longest && global.size() < 3; block -= distance) {
            global.add(block);
        }
        return global;
    }
}
