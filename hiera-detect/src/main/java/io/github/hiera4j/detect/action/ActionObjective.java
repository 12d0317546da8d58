package io.github.hiera4j.detect.action;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.detect.action.KeyFrame.Person;
import io.github.hiera4j.detect.geometry.Boxes;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.model.weights.config.PreprocessHints;
import io.github.hiera4j.train.data.Batch;
import io.github.hiera4j.train.objective.Measurement;
import io.github.hiera4j.train.objective.Objective;
import io.github.hiera4j.train.recipe.Models;
import io.github.hiera4j.train.recipe.Recipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Action localisation: the mean binary cross-entropy over all persons and actions, measured by the frame mAP. */
public final class ActionObjective implements Objective {
    private final AvaDataset data;
    private final KeyFrameSource train;
    private final ActionNetwork network;
    private final Graph training;
    private final int boxes;

    /**
     * Creates the objective for a recipe on a data set.
     *
     * @param recipe all settings of the training
     * @param data the data set
     * @throws io.github.hiera4j.model.HieraException if the recipe's model is not a video model
     */
    public ActionObjective(Recipe recipe, AvaDataset data) {
        HieraConfig encoder = Models.encoder(recipe.model());
        check(
                encoder.isVideo(),
                "actions need a video model, but '%s' is for images",
                recipe.model().name());
        this.data = data;
        train = new KeyFrameSource(data.train());
        network = new ActionNetwork(encoder.toBuilder()
                .numClasses(data.actions())
                .dropPathRate(recipe.model().dropPath())
                .headDropout(recipe.model().headDropout())
                .build());
        boxes = train.mostPersons();
        training = network.trainingGraph(recipe.data().batchSize(), boxes);
    }

    @Override
    public ModelConfig config() {
        return network.config();
    }

    @Override
    public Graph graph() {
        return training;
    }

    /** {@return the network} */
    public ActionNetwork network() {
        return network;
    }

    @Override
    public Map<String, HostTensor> feeds(Batch batch, RandomGenerator random) {
        List<List<int[]>> labels = new ArrayList<>();
        List<Boxes> placed = new ArrayList<>();
        for (int clip = 0; clip < batch.size(); clip++) {
            List<Person> persons = train.frame(batch.indices()[clip]).persons();
            labels.add(persons.stream().map(ActionObjective::indices).toList());
            placed.add(ActionBoxes.placed(persons, batch.placements().get(clip)));
        }
        Map<String, HostTensor> feeds = new LinkedHashMap<>();
        feeds.put(HieraEncoder.INPUT, batch.pixels());
        feeds.put(ActionNetwork.BOXES, ActionBoxes.rows(placed, boxes).to(DType.FLOAT32));
        feeds.put(
                ActionNetwork.TARGETS,
                ActionNetwork.targets(labels, boxes, network.config().numClasses()));
        return feeds;
    }

    /** Returns output indices: class ids count from 1, outputs from 0. */
    private static int[] indices(Person person) {
        return person.actions().stream().mapToInt(id -> id - 1).toArray();
    }

    @Override
    public Measurement measurement() {
        return new FrameMap(network, data);
    }

    @Override
    public void export(Path directory, WeightSource weights, List<String> classNames, PreprocessHints hints) {
        Objective.super.export(directory, weights, List.of(), hints);
        ActionFile.write(directory, data.names(), data.evaluated());
    }
}
