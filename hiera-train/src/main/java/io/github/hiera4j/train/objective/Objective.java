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
 * The objective of a run: the training graph, its inputs, the measurement on validation samples, and the export.
 *
 * <p>Programs may implement it. A checkpoint contains nothing of it: a run must be resumed with the objective it was started with.
 */
public interface Objective {
    /** {@return the model that is trained; its encoder's settings decide how samples are prepared} */
    ModelConfig config();

    /** {@return the training graph} Its output {@code loss}, {@code [1]}, is minimised; all parameters except {@link #fixed} are trained. */
    Graph graph();

    /** {@return parameters of {@link #graph} that keep their initial values; none by default} */
    default Set<String> fixed() {
        return Set.of();
    }

    /**
     * {@return outputs {@code [1]} of {@link #graph} that are logged in addition to the loss, such as the terms of its sum; none by
     * default} Their names are the figures' names in {@code metrics.jsonl}.
     */
    default List<String> lossParts() {
        return List.of();
    }

    /**
     * {@return the tensors that a batch feeds to {@link #graph}, by the names of its inputs}
     *
     * @param batch pixels {@code [B, 3, (frames,) height, width]}, which may be changed, and labels; if several processes
     *     share a batch, {@link Batch#rows} are the rows of this process: draw for the whole batch and use only these
     * @param random source of random numbers, the same for the same step of every run with the same seed
     */
    Map<String, HostTensor> feeds(Batch batch, RandomGenerator random);

    /**
     * {@return inputs that depend on intermediate results of {@link #graph}, such as the boxes that a detector proposes; none by default}
     *
     * @param batch the same as for {@link #feeds}, which is called first
     * @param random source of random numbers, the same for the same step of every run with the same seed
     */
    default LaterInputs laterInputs(Batch batch, RandomGenerator random) {
        return LaterInputs.NONE;
    }

    /**
     * Returns the initial weights from a checkpoint of another kind of model.
     *
     * @param checkpoint a weight file or a directory with one
     * @param averaged whether to take the averaged weights of a checkpoint that has both
     * @param seed determines every random choice
     * @return empty to copy the matching weights of a model of the same kind
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
     * {@return the weights that training starts with if none are given: one tensor for each parameter of {@link #graph}}
     *
     * @param seed determines every random choice
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
