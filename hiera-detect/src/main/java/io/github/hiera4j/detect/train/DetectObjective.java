package io.github.hiera4j.detect.train;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.detect.checkpoint.DetectorCheckpointWriter;
import io.github.hiera4j.detect.checkpoint.DetectorDescription;
import io.github.hiera4j.detect.checkpoint.DetectorKeys;
import io.github.hiera4j.detect.geometry.Boxes;
import io.github.hiera4j.detect.model.AnchorSample;
import io.github.hiera4j.detect.model.GroundTruth;
import io.github.hiera4j.detect.model.HeadSample;
import io.github.hiera4j.detect.model.Proposals;
import io.github.hiera4j.detect.model.TrainingFeeds;
import io.github.hiera4j.detect.network.MaskRcnn;
import io.github.hiera4j.detect.network.MaskRcnnConfig;
import io.github.hiera4j.detect.network.MaskRcnnTraining;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.model.weights.config.PreprocessHints;
import io.github.hiera4j.torch.train.LaterInputs;
import io.github.hiera4j.train.data.Batch;
import io.github.hiera4j.train.objective.Measurement;
import io.github.hiera4j.train.objective.Objective;
import io.github.hiera4j.train.recipe.Recipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Detection and segmentation of objects: the five losses of Mask R-CNN, measured by COCO's average precision.
 *
 * <p>A step is one pass: the heads are trained on the proposals of the same pass.
 */
public final class DetectObjective implements Objective {
    private final CocoData data;
    private final DetectorModel model;
    private final DetectorDescription description;
    private final MaskRcnnTraining training;
    private final Graph graph;
    private final Proposals proposals;
    private final Boxes anchors;
    private final TrainingFeeds writer;

    /**
     * Creates the objective for a recipe on a data set.
     *
     * @param recipe all settings of the training
     * @param data the data set
     * @throws io.github.hiera4j.model.HieraException if the recipe's model cannot be a trunk, or its precision is not float32
     */
    public DetectObjective(Recipe recipe, CocoData data) {
        check(
                recipe.run().precision().equals("float32"),
                "detectors train in float32, got precision=%s: box coordinates need it",
                recipe.run().precision());
        this.data = data;
        model = DetectorModels.of(recipe.model(), data.classNames().size());
        description = new DetectorDescription(
                model.detector(),
                data.classNames(),
                data.categoryIds(),
                recipe.data().pixelNormalisation());
        training = new MaskRcnnTraining(model.detector(), recipe.data().batchSize());
        graph = training.graph();
        proposals = new Proposals(model.detector());
        anchors = proposals.allAnchors();
        writer = new TrainingFeeds(training, anchors);
    }

    @Override
    public ModelConfig config() {
        return model;
    }

    /** {@return the detector's settings} */
    public MaskRcnnConfig detector() {
        return model.detector();
    }

    /**
     * Returns the settings, class names and normalisation.
     *
     * @return the description
     */
    public DetectorDescription description() {
        return description;
    }

    @Override
    public Graph graph() {
        return graph;
    }

    /** Returns the five losses. */
    @Override
    public List<String> lossParts() {
        return MaskRcnnTraining.LOSSES;
    }

    @Override
    public Map<String, HostTensor> feeds(Batch batch, RandomGenerator random) {
        List<GroundTruth> objects = objects(batch);
        List<AnchorSample> samples = new ArrayList<>();
        for (GroundTruth picture : objects) {
            samples.add(AnchorSample.draw(model.detector().proposals(), anchors, picture, random));
        }
        Map<String, HostTensor> feeds = new LinkedHashMap<>(writer.anchors(samples, objects));
        feeds.put(HieraEncoder.INPUT, batch.pixels());
        return feeds;
    }

    /** Returns the objects of each image after jitter. */
    private List<GroundTruth> objects(Batch batch) {
        check(
                batch.placements().size() == batch.size(),
                "the augmentation of a detector must report the placement of each image");
        List<GroundTruth> objects = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            var plan = JitterTransform.plan(batch.placements().get(i));
            objects.add(JitteredObjects.of(data.train(), batch.indices()[i], plan));
        }
        return objects;
    }

    @Override
    public LaterInputs laterInputs(Batch batch, RandomGenerator random) {
        return new LaterInputs() {
            @Override
            public List<String> reads() {
                return MaskRcnn.proposalOutputs();
            }

            @Override
            public Map<String, HostTensor> feeds(Map<String, HostTensor> computed) {
                List<GroundTruth> objects = objects(batch);
                List<HeadSample> samples = new ArrayList<>();
                for (int i = 0; i < objects.size(); i++) {
                    GroundTruth picture = objects.get(i);
                    Boxes found = proposals
                            .select(computed, i, picture.height(), picture.width(), true)
                            .boxes();
                    samples.add(HeadSample.draw(model.detector(), found, picture, random));
                }
                return writer.heads(samples, objects);
            }
        };
    }

    @Override
    public Measurement measurement() {
        return new AveragePrecision(this, java.util.Objects.requireNonNull(data.validation()));
    }

    @Override
    public WeightSource initialWeights(long seed) {
        return DetectorStart.random(graph, seed);
    }

    @Override
    public Optional<WeightSource> startWeights(Path checkpoint, boolean averaged, long seed) {
        return Optional.of(DetectorStart.open(this, checkpoint, averaged, seed));
    }

    @Override
    public void export(Path directory, WeightSource weights, List<String> classNames, PreprocessHints hints) {
        DetectorCheckpointWriter.write(directory, description, weights, DetectorKeys.DETECTRON2);
    }
}
