package io.github.hiera4j.detect.action;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.detect.action.KeyFrame.Person;
import io.github.hiera4j.detect.ava.AvaBox;
import io.github.hiera4j.detect.evaluate.AvaEvaluation;
import io.github.hiera4j.detect.geometry.Boxes;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.torch.train.FrozenWeights;
import io.github.hiera4j.train.data.Batch;
import io.github.hiera4j.train.objective.Measurement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Measures the frame mAP of a model on the validation key frames, with the rule of the paper's framework. */
final class FrameMap implements Measurement {
    private final ActionNetwork network;
    private final AvaDataset data;
    private final KeyFrameSource source;
    private final Graph trunk;
    private final Graph head;
    private final Set<Integer> evaluated;
    private final List<AvaBox> detections = new ArrayList<>();
    private final Set<Integer> seen = new HashSet<>();

    FrameMap(ActionNetwork network, AvaDataset data) {
        this.network = network;
        this.data = data;
        source = new KeyFrameSource(data.validation());
        trunk = network.trunkGraph();
        head = network.headGraph().select(ActionNetwork.SCORES);
        evaluated = new TreeSet<>(data.evaluated());
    }

    /** Counts every key frame once, including one that is repeated in place of a damaged video. */
    @Override
    public void add(FrozenWeights weights, Batch batch, long firstSample) {
        HostTensor maps =
                weights.run(trunk, Map.of(HieraEncoder.INPUT, batch.pixels())).tensor(ActionNetwork.MAP);
        int actions = network.config().numClasses();
        for (int clip = 0; clip < batch.size(); clip++) {
            KeyFrame frame = source.frame(batch.indices()[clip]);
            if (!seen.add(batch.indices()[clip]) || frame.persons().isEmpty()) {
                continue;
            }
            float[] scores = scores(
                    weights,
                    maps.slice(clip),
                    ActionBoxes.placed(frame.persons(), batch.placements().get(clip)));
            for (int i = 0; i < frame.persons().size(); i++) {
                add(frame, frame.persons().get(i), scores, i * actions);
            }
        }
    }

    /** Returns the scores of one clip's boxes, {@code [boxes, actions]}. */
    private float[] scores(FrozenWeights weights, HostTensor map, Boxes boxes) {
        int[] sizes = map.shape().sizes();
        Map<String, HostTensor> feeds = Map.of(
                ActionNetwork.MAP,
                map.reshape(Shape.of(1, sizes[0], sizes[1], sizes[2])),
                ActionNetwork.BOXES,
                ActionBoxes.rows(boxes).to(DType.FLOAT32));
        return weights.run(head, feeds).tensor(ActionNetwork.SCORES).toFloats();
    }

    private void add(KeyFrame frame, Person person, float[] scores, int from) {
        for (int id : evaluated) {
            float score = scores[from + id - 1];
            check(Float.isFinite(score), "a score of %s is not finite", source.name(0));
            detections.add(new AvaBox(frame.frame(), person.box(), id, score));
        }
    }

    /** Returns the average precision of every action with ground truth. */
    AvaEvaluation.Result result() {
        return AvaEvaluation.run(
                AvaEvaluation.Rule.SLOWFAST, data.truth(), detections, data.excluded(), data.evaluated());
    }

    @Override
    public Map<String, Double> figures() {
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("frame_map", result().meanAveragePrecision());
        figures.put("persons", (double) detections.size() / evaluated.size());
        return figures;
    }

    @Override
    public double score() {
        double map = result().meanAveragePrecision();
        return Double.isNaN(map) ? 0 : map;
    }
}
