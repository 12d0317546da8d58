package io.github.hiera4j.detect.parity;

import static io.github.hiera4j.detect.parity.Findings.boxes;
import static io.github.hiera4j.detect.parity.Findings.doubles;
import static io.github.hiera4j.detect.parity.Findings.integers;
import static io.github.hiera4j.detect.parity.Findings.listOf;
import static java.util.Objects.requireNonNull;

import io.github.hiera4j.detect.geometry.Boxes;
import io.github.hiera4j.detect.model.DetectionNetwork;
import io.github.hiera4j.detect.model.MaskRcnnInference;
import io.github.hiera4j.detect.model.PictureMasks;
import io.github.hiera4j.detect.model.Proposals;
import io.github.hiera4j.detect.model.RawDetections;
import io.github.hiera4j.detect.model.ScoredBoxes;
import io.github.hiera4j.detect.model.SessionNetwork;
import io.github.hiera4j.detect.network.MaskRcnn;
import io.github.hiera4j.detect.network.MaskRcnnConfig;
import io.github.hiera4j.detect.network.Trunk;
import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.mask.RunLengthMask;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Compares a complete detector with the reference, from the trunk's maps to detections in the image, on any engine. */
final class MaskRcnnParity {
    private static final double EXACT = 1e-11;
    private static final double SINGLE = 1e-5;
    private static final double HALF = 0.05;

    private final MaskRcnnCase golden;
    private final Findings findings;
    private final double allowed;
    private final boolean half;

    private MaskRcnnParity(MaskRcnnCase golden, Findings findings, double allowed, boolean half) {
        this.golden = golden;
        this.findings = findings;
        this.allowed = allowed;
        this.half = half;
    }

    /**
     * Runs the case. In half precision, maps and given boxes are compared, but not detections, because decisions may differ.
     */
    static void run(MaskRcnnCase golden, Backend backend, CompileOptions options, Findings findings) {
        boolean half = options.dtype() == DType.BFLOAT16 || options.dtype() == DType.FLOAT16;
        boolean exact = backend.name().equals("reference") || options.dtype() == DType.FLOAT64;
        double allowed = half ? HALF : exact ? EXACT : SINGLE;
        MaskRcnnParity parity = new MaskRcnnParity(golden, findings, allowed, half);
        HostTensor pixels = golden.pixels();
        try (Session maps = backend.compile(new MaskRcnn(golden.config()).pyramidGraph(), golden.weights(), options)) {
            parity.maps(maps.run(Map.of(HieraEncoder.INPUT, pixels)));
        }
        try (SessionNetwork network = SessionNetwork.compile(golden.config(), golden.weights(), backend, options)) {
            parity.heads(network, pixels);
        }
    }

    private void maps(Map<String, HostTensor> outputs) {
        JsonNode json = golden.json();
        for (int stage = 0; stage < Trunk.STAGES; stage++) {
            map(
                    "stage " + (stage + 1),
                    json.path("stages").path(stage),
                    requireNonNull(outputs.get(Hiera.stage(stage + 1))));
        }
        for (int level = 0; level < MaskRcnn.LEVELS; level++) {
            String name = MaskRcnn.pyramid(level);
            map(name, json.path("fpn").path(name), requireNonNull(outputs.get(name)));
            JsonNode rpn = json.path("rpn").path(level);
            flat("objectness of " + name, rpn.path("logits"), requireNonNull(outputs.get(MaskRcnn.logits(level))));
            flat("anchor deltas of " + name, rpn.path("deltas"), requireNonNull(outputs.get(MaskRcnn.deltas(level))));
        }
    }

    private void flat(String name, JsonNode summary, HostTensor tensor) {
        findings.relativeSummary(name, summary, Objects.requireNonNull(tensor).toDoubles(), allowed);
    }

    /** Compares {@code [B, h, w, C]} with a summary of {@code [B, C, h, w]}. */
    private void map(String name, JsonNode summary, HostTensor tensor) {
        findings.relativeSummary(name, summary, channelsFirst(Objects.requireNonNull(tensor)), allowed);
    }

    private static double[] channelsFirst(HostTensor map) {
        int channels = map.shape().size(-1);
        int batch = map.shape().size(0);
        int positions = map.elements() / channels / batch;
        double[] from = map.toDoubles();
        double[] to = new double[from.length];
        for (int i = 0; i < from.length; i++) {
            int row = i / channels;
            to[(row / positions * channels + i % channels) * positions + row % positions] = from[i];
        }
        return to;
    }

    private void heads(DetectionNetwork network, HostTensor pixels) {
        MaskRcnnConfig config = golden.config();
        MaskRcnnInference inference = new MaskRcnnInference(config);
        Map<String, HostTensor> outputs = network.pyramid(pixels);
        double[] scores = new double[0];
        double[] deltas = new double[0];
        double[] masks = new double[0];
        double[] proposalScores = new double[0];
        double[] proposalDeltas = new double[0];
        for (int picture = 0; picture < golden.extents().size(); picture++) {
            Map<String, HostTensor> levels = MaskRcnnInference.levels(outputs, picture);
            Boxes given = boxes(golden.json().path("given").path("boxes").path(picture));
            Map<String, double[]> results = inference.heads(
                    network, levels, given, List.of(MaskRcnn.CLASS_LOGITS, MaskRcnn.BOX_DELTAS, MaskRcnn.MASK_LOGITS));
            scores = joined(scores, results.get(MaskRcnn.CLASS_LOGITS));
            deltas = joined(deltas, results.get(MaskRcnn.BOX_DELTAS));
            masks = joined(masks, masksFirst(results.get(MaskRcnn.MASK_LOGITS), given.size()));
            if (!half) {
                Boxes proposed = proposals(outputs, picture);
                Map<String, double[]> onProposals =
                        inference.heads(network, levels, proposed, List.of(MaskRcnn.CLASS_LOGITS, MaskRcnn.BOX_DELTAS));
                proposalScores = joined(proposalScores, onProposals.get(MaskRcnn.CLASS_LOGITS));
                proposalDeltas = joined(proposalDeltas, onProposals.get(MaskRcnn.BOX_DELTAS));
            }
        }
        JsonNode json = golden.json();
        findings.relative("given boxes: scores", doubles(json.path("given").path("scores")), scores, allowed);
        findings.relative("given boxes: deltas", doubles(json.path("given").path("deltas")), deltas, allowed);
        findings.relativeSummary("given boxes: masks", json.path("given").path("mask_logits"), masks, allowed);
        if (!half) {
            JsonNode onProposals = json.path("box_head_on_proposals");
            findings.relativeSummary("proposals: scores", onProposals.path("scores"), proposalScores, allowed);
            findings.relativeSummary("proposals: deltas", onProposals.path("deltas"), proposalDeltas, allowed);
            detections(inference.run(network, pixels, golden.extents()));
        }
    }

    private Boxes proposals(Map<String, HostTensor> outputs, int picture) {
        MaskRcnnInference.Extent extent = golden.extents().get(picture);
        ScoredBoxes found =
                new Proposals(golden.config()).select(outputs, picture, extent.height(), extent.width(), false);
        JsonNode expected = golden.json().path("proposals_test").path(picture);
        String name = "picture " + picture + ": proposals";
        findings.equal(
                name + ": levels",
                listOf(integers(expected.path("level"))),
                listOf(Arrays.stream(found.levels()).map(level -> level + 2).toArray()));
        findings.relative(
                name + ": boxes", doubles(expected.path("boxes")), found.boxes().toArray(), allowed);
        findings.relative(name + ": logits", doubles(expected.path("logits")), found.scores(), allowed);
        return found.boxes();
    }

    /** Transposes {@code [R, side, side, classes]} to {@code [R, classes, side, side]}. */
    private double[] masksFirst(double @Nullable [] masks, int count) {
        double[] from = Objects.requireNonNull(masks);
        int classes = golden.config().classes();
        int pixels = from.length / classes / count;
        double[] to = new double[from.length];
        for (int i = 0; i < from.length; i++) {
            int row = i / classes;
            to[(row / pixels * classes + i % classes) * pixels + row % pixels] = from[i];
        }
        return to;
    }

    private static double[] joined(double[] first, double @Nullable [] second) {
        double[] more = Objects.requireNonNull(second);
        double[] all = Arrays.copyOf(first, first.length + more.length);
        System.arraycopy(more, 0, all, first.length, more.length);
        return all;
    }

    private void detections(List<RawDetections> found) {
        for (int picture = 0; picture < found.size(); picture++) {
            JsonNode expected = golden.json().path("detections").path(picture);
            RawDetections detections = found.get(picture);
            String name = "picture " + picture + ": detections";
            findings.equal(
                    name + ": classes", listOf(integers(expected.path("classes"))), listOf(detections.classes()));
            findings.relative(
                    name + ": boxes",
                    doubles(expected.path("boxes")),
                    detections.boxes().toArray(),
                    allowed);
            findings.relative(name + ": scores", doubles(expected.path("scores")), detections.scores(), allowed);
            double[] masks = Arrays.stream(detections.masks())
                    .flatMapToDouble(Arrays::stream)
                    .toArray();
            findings.relativeSummary(name + ": masks", expected.path("mask_probabilities"), masks, allowed);
            output(name, expected, detections, golden.extents().get(picture));
        }
    }

    private void output(String name, JsonNode expected, RawDetections detections, MaskRcnnInference.Extent extent) {
        int[] size = integers(expected.path("output_size"));
        PictureMasks.Result result =
                PictureMasks.of(golden.config(), detections, extent, new MaskRcnnInference.Extent(size[0], size[1]));
        findings.relative(
                name + ": boxes in the picture",
                doubles(expected.path("output_boxes")),
                result.detections().boxes().toArray(),
                allowed);
        List<String> masks =
                result.masks().stream().map(RunLengthMask::compressed).toList();
        List<String> wanted = IntStream.range(0, expected.path("output_masks").size())
                .mapToObj(i ->
                        expected.path("output_masks").path(i).path("counts").asString(""))
                .toList();
        findings.equal(name + ": masks in the picture", wanted, masks);
    }
}
