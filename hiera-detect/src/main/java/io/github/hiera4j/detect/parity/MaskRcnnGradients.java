package io.github.hiera4j.detect.parity;

import static io.github.hiera4j.detect.parity.Findings.boxes;
import static io.github.hiera4j.detect.parity.Findings.doubles;
import static io.github.hiera4j.detect.parity.Findings.integers;
import static io.github.hiera4j.detect.parity.Findings.listOf;

import io.github.hiera4j.detect.geometry.Boxes;
import io.github.hiera4j.detect.geometry.Matcher;
import io.github.hiera4j.detect.model.AnchorSample;
import io.github.hiera4j.detect.model.GroundTruth;
import io.github.hiera4j.detect.model.HeadSample;
import io.github.hiera4j.detect.model.MaskRcnnInference;
import io.github.hiera4j.detect.model.Proposals;
import io.github.hiera4j.detect.model.TrainingFeeds;
import io.github.hiera4j.detect.network.MaskRcnn;
import io.github.hiera4j.detect.network.MaskRcnnConfig;
import io.github.hiera4j.detect.network.MaskRcnnTraining;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.torch.train.LaterInputs;
import io.github.hiera4j.torch.train.OptimizerSettings;
import io.github.hiera4j.torch.train.StepOutputs;
import io.github.hiera4j.torch.train.TorchTrainer;
import io.github.hiera4j.train.optimize.LayerDecay;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Compares a detector's matching, losses and gradients for listed samples on libtorch, the engine that trains. */
final class MaskRcnnGradients {
    private static final double LOSS = 2e-6;
    private static final double GRADIENT = 5e-5;

    private final MaskRcnnCase golden;
    private final MaskRcnnConfig config;
    private final Findings findings;
    private final Proposals proposals;

    private MaskRcnnGradients(MaskRcnnCase golden, Findings findings) {
        this.golden = golden;
        this.config = golden.config();
        this.findings = findings;
        this.proposals = new Proposals(config);
    }

    /** Compares one step in float32 on the device of the given options. */
    static void run(MaskRcnnCase golden, CompileOptions session, boolean gradientCheckpointing, Findings findings) {
        new MaskRcnnGradients(golden, findings)
                .run(new TorchTrainer.Options(
                        DType.FLOAT32, session.device(), session.threads(), gradientCheckpointing, false));
    }

    private void run(TorchTrainer.Options options) {
        int batch = golden.extents().size();
        MaskRcnnTraining training = new MaskRcnnTraining(config, batch);
        Boxes anchors = proposals.allAnchors();
        TrainingFeeds writer = new TrainingFeeds(training, anchors);
        List<GroundTruth> objects = new ArrayList<>();
        List<AnchorSample> samples = new ArrayList<>();
        for (int picture = 0; picture < batch; picture++) {
            objects.add(golden.objects(picture));
            samples.add(anchorSample(picture, anchors, objects.get(picture)));
        }
        Map<String, HostTensor> feeds = new LinkedHashMap<>(writer.anchors(samples, objects));
        feeds.put(HieraEncoder.INPUT, golden.pixels());
        Graph graph = training.graph();
        try (TorchTrainer trainer = new TorchTrainer(
                graph,
                LayerDecay.groups(graph.parameters(), config.trunk().depth(), 1, 0),
                new OptimizerSettings.AdamW(.9, .999, 1e-8),
                golden.weights(),
                options)) {
            StepOutputs outputs = trainer.backward(feeds, new Given(writer, objects), 1, 0);
            compare(outputs, trainer);
        }
    }

    private void compare(StepOutputs outputs, TorchTrainer trainer) {
        JsonNode train = golden.json().path("train");
        for (String loss : MaskRcnnTraining.LOSSES) {
            double[] expected = {train.path("losses").path(loss).asDouble()};
            findings.relative(loss, expected, new double[] {outputs.tensor(loss).get(0)}, LOSS);
        }
        findings.relative(
                "total loss",
                new double[] {train.path("total").asDouble()},
                new double[] {outputs.tensor(Hiera.LOSS).get(0)},
                LOSS);
        train.path("grad")
                .forEachEntry((name, summary) -> findings.relativeSummary(
                        "gradient of " + name, summary, trainer.gradient(name).toDoubles(), GRADIENT));
    }

    private JsonNode image(int picture) {
        return golden.json().path("train").path("images").path(picture);
    }

    private AnchorSample anchorSample(int picture, Boxes anchors, GroundTruth objects) {
        JsonNode image = image(picture);
        Matcher.Matches matches = AnchorSample.match(config.proposals(), anchors, objects);
        JsonNode labels = image.path("anchor_labels");
        int[] positives = matches.positions(Matcher.Label.POSITIVE);
        findings.equal("positive anchors", listOf(integers(labels.path("positive"))), listOf(positives));
        findings.equal(
                "negative and ignored anchors",
                List.of(labels.path("negatives").asInt(), labels.path("ignored").asInt()),
                List.of(
                        matches.positions(Matcher.Label.NEGATIVE).length,
                        matches.positions(Matcher.Label.IGNORED).length));
        findings.equal(
                "objects of positive anchors",
                listOf(integers(image.path("anchor_match_of_positive"))),
                listOf(Arrays.stream(positives).map(i -> matches.truth()[i]).toArray()));
        return AnchorSample.of(
                matches,
                integers(image.path("sampled_positive_anchors")),
                integers(image.path("sampled_negative_anchors")));
    }

    /** Supplies the heads' inputs for the listed boxes, after comparing the network's own proposals. */
    private final class Given implements LaterInputs {
        private final TrainingFeeds writer;
        private final List<GroundTruth> objects;

        Given(TrainingFeeds writer, List<GroundTruth> objects) {
            this.writer = writer;
            this.objects = objects;
        }

        @Override
        public List<String> reads() {
            return MaskRcnn.proposalOutputs();
        }

        @Override
        public Map<String, HostTensor> feeds(Map<String, HostTensor> computed) {
            List<HeadSample> samples = new ArrayList<>();
            for (int picture = 0; picture < objects.size(); picture++) {
                samples.add(sample(computed, picture));
            }
            JsonNode wanted = golden.json().path("train").path("box_targets_of_foreground");
            List<double[]> deltas = new ArrayList<>();
            for (int picture = 0; picture < samples.size(); picture++) {
                HeadSample sample = samples.get(picture);
                for (int i = 0; i < sample.classes().length; i++) {
                    if (sample.classes()[i] < config.classes()) {
                        Boxes truth = objects.get(picture).boxes().select(sample.truth()[i]);
                        deltas.add(config.heads().deltas().encode(sample.boxes().select(i), truth));
                    }
                }
            }
            findings.relative(
                    "box targets",
                    doubles(wanted),
                    deltas.stream().flatMapToDouble(Arrays::stream).toArray(),
                    1e-9);
            return writer.heads(samples, objects);
        }

        private HeadSample sample(Map<String, HostTensor> computed, int picture) {
            JsonNode image = image(picture);
            MaskRcnnInference.Extent extent = golden.extents().get(picture);
            Boxes found = proposals
                    .select(computed, picture, extent.height(), extent.width(), true)
                    .boxes();
            findings.equal("proposals in training", image.path("proposals").asInt(), found.size());
            Boxes candidates = HeadSample.candidates(found, objects.get(picture));
            Matcher.Matches matches = HeadSample.match(config, candidates, objects.get(picture));
            findings.equal(
                    "positive candidates",
                    listOf(integers(image.path("foreground_candidates"))),
                    listOf(matches.positions(Matcher.Label.POSITIVE)));
            int[] chosen = integers(image.path("sampled_candidates"));
            HeadSample sample = HeadSample.of(config, candidates, matches, objects.get(picture), chosen);
            findings.equal(
                    "classes of sampled boxes",
                    listOf(integers(image.path("sampled_classes"))),
                    listOf(sample.classes()));
            Boxes given = boxes(image.path("sampled_boxes"));
            findings.relative("sampled boxes", given.toArray(), sample.boxes().toArray(), 1e-5);
            return new HeadSample(given, sample.classes(), sample.truth());
        }
    }
}
