package io.github.hiera4j.detect.parity;

import static io.github.hiera4j.detect.parity.Findings.doubles;
import static io.github.hiera4j.detect.parity.Findings.integerList;
import static io.github.hiera4j.detect.parity.Findings.integers;
import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.detect.coco.Segmentation;
import io.github.hiera4j.detect.geometry.Anchors;
import io.github.hiera4j.detect.geometry.BalancedSampler;
import io.github.hiera4j.detect.geometry.BoxDeltas;
import io.github.hiera4j.detect.geometry.Matcher;
import io.github.hiera4j.detect.geometry.PyramidLevels;
import io.github.hiera4j.detect.model.GroundTruth;
import io.github.hiera4j.detect.model.MaskRcnnInference;
import io.github.hiera4j.detect.network.HeadRules;
import io.github.hiera4j.detect.network.InputRules;
import io.github.hiera4j.detect.network.MaskRcnn;
import io.github.hiera4j.detect.network.MaskRcnnConfig;
import io.github.hiera4j.detect.network.OutputRules;
import io.github.hiera4j.detect.network.ProposalRules;
import io.github.hiera4j.detect.network.Trunk;
import io.github.hiera4j.model.hieradet.HieraDetConfig;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.DerivedWeights;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * A complete detector with synthetic weights, as described in a golden file.
 *
 * @param config the detector
 * @param json the file
 */
public record MaskRcnnCase(MaskRcnnConfig config, JsonNode json) {

    /**
     * Reads the settings of a file.
     *
     * @param json the object
     * @return the settings
     */
    public static MaskRcnnCase read(JsonNode json) {
        JsonNode config = json.path("config");
        JsonNode rpn = config.path("rpn");
        JsonNode roi = config.path("roi");
        JsonNode test = config.path("test");
        check(config.path("anchors").path("offset").asDouble() == 0, "expected anchors without offset");
        double[] thresholds = doubles(rpn.path("thresholds"));
        double[] weights = doubles(roi.path("delta_weights"));
        int[] levels = integers(roi.path("levels"));
        Anchors anchors = new Anchors(
                integerList(config.path("anchors").path("strides")),
                boxed(config.path("anchors").path("sizes")),
                boxed(config.path("anchors").path("ratios")),
                false,
                false);
        ProposalRules proposals = new ProposalRules(
                anchors,
                rpn.path("convs").asInt(),
                !rpn.path("norm").isNull(),
                new Matcher(thresholds[0], thresholds[1], true, true),
                new BalancedSampler(
                        rpn.path("batch").asInt(), rpn.path("positive_fraction").asDouble()),
                rpn.path("pre_nms").path("train").asInt(),
                rpn.path("pre_nms").path("test").asInt(),
                rpn.path("post_nms").path("train").asInt(),
                rpn.path("post_nms").path("test").asInt(),
                rpn.path("nms").asDouble(),
                0,
                0,
                false,
                false,
                0);
        double threshold = roi.path("threshold").asDouble();
        HeadRules heads = new HeadRules(
                new PyramidLevels(
                        levels[0],
                        levels[1],
                        roi.path("canonical_level").asInt(),
                        roi.path("canonical_size").asDouble()),
                new Matcher(threshold, threshold, false, true),
                new BalancedSampler(
                        roi.path("batch").asInt(), roi.path("positive_fraction").asDouble()),
                new BoxDeltas(weights[0], weights[1], weights[2], weights[3]),
                true,
                0,
                roi.path("box_pool").asInt(),
                roi.path("box_convs").asInt(),
                List.of(roi.path("box_fc").asInt()),
                roi.path("mask_pool").asInt(),
                roi.path("mask_convs").asInt(),
                0,
                false);
        int[] shape = integers(json.path("input_shape"));
        JsonNode trunk = config.path("trunk");
        int longest = Math.max(shape[2], shape[3]);
        MaskRcnnConfig detector = new MaskRcnnConfig(
                Trunk.of(trunk(trunk, shape)),
                trunk.path("stage_norms").asBoolean(),
                config.path("fpn_channels").asInt(),
                config.path("norm").asString("").equals("LN"),
                config.path("norm_eps").asDouble(),
                config.path("num_classes").asInt(),
                new InputRules(longest, longest, false, true),
                proposals,
                heads,
                new OutputRules(
                        test.path("score").asDouble(),
                        test.path("nms").asDouble(),
                        test.path("detections").asInt(),
                        0,
                        true,
                        true));
        return new MaskRcnnCase(detector, json);
    }

    private static HieraDetConfig trunk(JsonNode json, int[] shape) {
        Set<Integer> global = new TreeSet<>(integerList(json.path("global_blocks")));
        return HieraDetConfig.builder()
                .inputSize(List.of(shape[2], shape[3]))
                .embedDim(json.path("embed_dim").asInt())
                .numHeads(json.path("num_heads").asInt())
                .stages(integerList(json.path("stages")))
                .windows(integerList(json.path("window_spec")))
                .globalBlocks(global)
                .positionGrid(integerList(json.path("pos_grid")))
                .windowEmbedding(integers(json.path("window_spec"))[0])
                .patchKernel(integers(json.path("patch_kernel"))[0])
                .patchStride(integers(json.path("patch_stride"))[0])
                .patchPadding(integers(json.path("patch_padding"))[0])
                .mlpRatio(json.path("mlp_ratio").asDouble())
                .layerNormEps(json.path("layer_norm_eps").asDouble())
                .build();
    }

    private static List<Double> boxed(JsonNode list) {
        List<Double> values = new ArrayList<>();
        for (double value : doubles(list)) {
            values.add(value);
        }
        return values;
    }

    /** {@return the synthetic weights, some of them scaled or replaced so that there is something to detect} */
    public WeightSource weights() {
        FormulaWeights formula = new FormulaWeights(new MaskRcnn(config).parameters());
        JsonNode scales = json.path("scales");
        JsonNode values = json.path("values");
        return new DerivedWeights(formula) {
            @Override
            public HostTensor read(String name) {
                HostTensor tensor = super.read(name);
                double[] read = values.has(name) ? doubles(values.path(name)) : tensor.toDoubles();
                double scale = scales.has(name) ? scales.path(name).asDouble() : 1;
                return HostTensor.of(
                        tensor.shape(),
                        Arrays.stream(read).map(value -> value * scale).toArray());
            }

            @Override
            public void readInto(String name, HostTensor target) {
                read(name).copyTo(target);
            }
        };
    }

    /** {@return the pixels, which are zero outside an image's extent} */
    public HostTensor pixels() {
        Shape shape = Shape.of(integers(json.path("input_shape")));
        HostTensor pixels = FormulaWeights.tensor("input", shape);
        List<MaskRcnnInference.Extent> extents = extents();
        int plane = shape.size(2) * shape.size(3);
        for (int i = 0; i < pixels.elements(); i++) {
            MaskRcnnInference.Extent extent = extents.get(i / (3 * plane));
            int y = i % plane / shape.size(3);
            int x = i % shape.size(3);
            if (y >= extent.height() || x >= extent.width()) {
                pixels.floats().put(i, 0);
            }
        }
        return pixels;
    }

    /** {@return the sizes of the images without padding} */
    public List<MaskRcnnInference.Extent> extents() {
        List<MaskRcnnInference.Extent> extents = new ArrayList<>();
        for (JsonNode size : json.path("image_sizes")) {
            extents.add(new MaskRcnnInference.Extent(
                    size.path(0).asInt(), size.path(1).asInt()));
        }
        return extents;
    }

    /**
     * {@return the objects in a training image}
     *
     * @param picture the image in the batch, from 0
     */
    public GroundTruth objects(int picture) {
        JsonNode image = json.path("train").path("images").path(picture);
        List<Segmentation> shapes = new ArrayList<>();
        for (JsonNode polygons : image.path("gt_polygons")) {
            List<double[]> parts = new ArrayList<>();
            polygons.forEach(part -> parts.add(doubles(part)));
            shapes.add(new Segmentation.Polygons(parts));
        }
        MaskRcnnInference.Extent extent = extents().get(picture);
        return new GroundTruth(
                Findings.boxes(image.path("gt_boxes")),
                integers(image.path("gt_classes")),
                shapes,
                extent.height(),
                extent.width());
    }
}
