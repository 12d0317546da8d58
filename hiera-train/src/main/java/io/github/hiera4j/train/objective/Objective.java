package io.github.hiera4j.train.objective;

import io.github.hiera4j.model.checkpoint.CheckpointWriter;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.model.weights.config.PreprocessHints;
import io.github.hiera4j.model.weights.keys.KeyStyle;
import io.github.hiera4j.torch.train.LaterInputs;
import io.github.hiera4j.train.data.Batch;
import io.github.hiera4j.train.optimize.Initialization;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * What a run trains: the graph, what it is fed, what is measured on validation samples, and what is exported.
 *
 * <p>Programs may implement it. Nothing of it is in a checkpoint: a run is resumed with the objective it was started with.
 */
public interface Objective {
    /** {@return the model that is trained; its encoder's settings decide how samples are prepared} */
    ModelConfig config();

    /** {@return the training graph} Its output {@code loss}, {@code [1]}, is minimised; every parameter of it is trained, but {@link #fixed}. */
    Graph graph();

    /** {@return parameters of {@link #graph} that keep the values they begin with; none by default} */
    default Set<String> fixed() {
        return Set.of();
    }

    /**
     * {@return outputs {@code [1]} of {@link #graph} that are logged beside the loss, as the parts that it is the sum of; none by
     * default} Their names are the figures' names in {@code metrics.jsonl}.
     */
    default List<String> lossParts() {
        return List.of();
    }

    /**
     * {@return the tensors that a batch feeds to {@link #graph}, by the names of its inputs}
     *
     * @param batch pixels {@code [B, 3, (frames,) height, width]}, which may be changed, and labels; where several processes
     *     share a batch, {@link Batch#rows} says which rows these are: draw for the whole batch and use those
     * @param random the same for the same step of every run with the same seed
     */
    Map<String, HostTensor> feeds(Batch batch, RandomGenerator random);

    /**
     * {@return the tensors that follow from what {@link #graph} itself computes, as the boxes that a detector proposes; none by default}
     *
     * @param batch the same as for {@link #feeds}, which is called first
     * @param random the same for the same step of every run with the same seed
     */
    default LaterInputs laterInputs(Batch batch, RandomGenerator random) {
        return LaterInputs.NONE;
    }

    /**
     * The weights to begin with, from a checkpoint of another kind of model.
     *
     * @param checkpoint a weight file or a directory with one
     * @param averaged the averaged ones of a checkpoint that has both
     * @param seed decides every random choice
     * @return empty where the weights of the same kind of model are taken over, as far as they fit
     * @throws io.github.hiera4j.model.HieraException if the checkpoint does not fit
     */
    default Optional<WeightSource> startWeights(Path checkpoint, boolean averaged, long seed) {
        return Optional.empty();
    }

    /** {@return a new measurement on validation samples} */
    Measurement measurement();

    /** {@return the encoder's settings} */
    default HieraConfig encoder() {
        return config().encoder();
    }

    /**
     * {@return the weights that training starts with where none are given: one for each parameter of {@link #graph}}
     *
     * @param seed decides every random choice
     */
    default WeightSource initialWeights(long seed) {
        return Initialization.of(config(), seed);
    }

    /**
     * Writes the trained model.
     *
     * @param directory of the model; replaced if it exists
     * @param weights of all parameters, under their official names
     * @param classNames of the data set
     * @param hints how samples were prepared
     */
    default void export(Path directory, WeightSource weights, List<String> classNames, PreprocessHints hints) {
        new CheckpointWriter(KeyStyle.OFFICIAL, Optional.empty(), classNames, Optional.of(hints))
                .write(directory, config(), weights);
        ModelReadme.write(directory, config());
    }
}
