package io.github.hiera4j.train.run;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.baseline.LadderConfig;
import io.github.hiera4j.model.baseline.Rung;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.network.PositionResizing;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.transfer.ResizedWeights;
import io.github.hiera4j.model.weights.TensorInfo;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.train.optimize.Initialization;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The start weights of fine-tuning: those of a checkpoint where they fit, and initial weights for the rest. */
public final class StartWeights implements WeightSource {
    /** The heads of Hiera and MViTv2, and of ViT. */
    private static final List<String> HEADS = List.of("head.projection.weight", "head.weight");

    private final WeightSource checkpoint;
    private final Runnable file;
    private final Initialization initial;
    private final Set<String> taken;
    private final List<String> notes = new ArrayList<>();

    private StartWeights(WeightSource checkpoint, Runnable file, Initialization initial, Set<String> taken) {
        this.checkpoint = checkpoint;
        this.file = file;
        this.initial = initial;
        this.taken = taken;
    }

    /**
     * Opens a checkpoint, which is closed together with the result.
     *
     * @param config the settings of the model
     * @param path a weight file or a directory with one
     * @param averaged whether to take the averaged weights of a checkpoint that also has raw ones
     * @param seed determines every random choice
     * @return the weights; the caller closes them
     * @throws io.github.hiera4j.model.HieraException if it cannot be read, or a tensor of the encoder is missing or has another
     *     shape: only a head and the norm before it may be new
     */
    public static StartWeights open(ModelConfig config, Path path, boolean averaged, long seed) {
        Checkpoint checkpoint = Checkpoint.open(path, averaged);
        try {
            return of(config, checkpoint, seed);
        } catch (RuntimeException | Error failure) {
            checkpoint.close();
            throw failure;
        }
    }

    /** Resizes position embeddings of a model that was trained at another size with bicubic interpolation. */
    private static StartWeights of(ModelConfig config, Checkpoint checkpoint, long seed) {
        StartWeights weights = fitting(config, checkpoint, seed);
        Optional<Rung> before = LadderConfig.rungOf(checkpoint.config());
        Optional<Rung> now = LadderConfig.rungOf(config);
        if (before.isPresent() && now.isPresent() && !before.equals(now)) {
            weights.notes.add(
                    0,
                    "trained as rung " + before.get().label() + ", continued as rung "
                            + now.get().label() + ": set rung=" + before.get().label() + " to keep the network");
        }
        return weights;
    }

    private static StartWeights fitting(ModelConfig config, Checkpoint checkpoint, long seed) {
        ModelConfig trained = checkpoint.config();
        boolean bothPaint = config instanceof MaeConfig && trained instanceof MaeConfig;
        HieraConfig from = trained.encoder();
        HieraConfig to = config.encoder();
        boolean isHiera = config.isHiera() && trained.isHiera();
        boolean sameKind = isHiera
                && from.axes() == to.axes()
                && from.sepPosEmbed() == to.sepPosEmbed()
                && from.absWinPosEmbed() == to.absWinPosEmbed();
        if (!sameKind || from.inputSize().equals(to.inputSize())) {
            return of(config, checkpoint.weights(), checkpoint::close, seed);
        }
        WeightSource resized = bothPaint
                ? ResizedWeights.of(checkpoint.weights(), trained, config, PositionResizing.BICUBIC)
                : ResizedWeights.of(checkpoint.weights(), from, to, PositionResizing.BICUBIC);
        StartWeights weights = of(config, resized, checkpoint::close, seed);
        weights.notes.add(
                0,
                "trained at " + from.inputSize() + ", fine-tuned at " + to.inputSize()
                        + " with resized position embeddings");
        return weights;
    }

    private static StartWeights of(ModelConfig config, WeightSource checkpoint, Runnable file, long seed) {
        Map<String, Shape> parameters = config.inferenceGraph().parameters();
        TreeSet<String> taken = new TreeSet<>();
        Set<String> fresh = new LinkedHashSet<>();
        parameters.forEach((name, shape) -> {
            boolean fits =
                    checkpoint.contains(name) && checkpoint.info(name).shape().equals(shape);
            if (fits) {
                taken.add(name);
                return;
            }
            boolean mayBeNew = name.startsWith("head.") || name.startsWith("norm.") || name.startsWith("fc_norm.");
            check(
                    mayBeNew,
                    "%s: the encoder's weight '%s' %s is %s; fine-tune the model of the checkpoint",
                    checkpoint.description(),
                    name,
                    shape,
                    checkpoint.contains(name)
                            ? "of shape " + checkpoint.info(name).shape()
                            : "missing");
            fresh.add(name.substring(0, name.lastIndexOf('.'))); // the layer
        });
        StartWeights weights = new StartWeights(checkpoint, file, Initialization.of(config, seed), taken);
        if (!fresh.isEmpty()) {
            replacement(parameters, checkpoint).ifPresent(weights.notes::add);
            weights.notes.add("initialised randomly: " + String.join(", ", fresh));
        }
        return weights;
    }

    /** Returns a note if a head for other classes is replaced. */
    private static Optional<String> replacement(Map<String, Shape> parameters, WeightSource checkpoint) {
        for (String head : HEADS) {
            Shape wanted = parameters.get(head);
            if (wanted != null && checkpoint.contains(head)) {
                int there = checkpoint.info(head).shape().size(0);
                return there == wanted.size(0)
                        ? Optional.empty()
                        : Optional.of(String.format(
                                Locale.ROOT,
                                "the head for %d classes is replaced by one for %d",
                                there,
                                wanted.size(0)));
            }
        }
        return Optional.empty();
    }

    /** {@return notes about weights that were resized or not taken from the checkpoint} */
    public List<String> notes() {
        return List.copyOf(notes);
    }

    @Override
    public String description() {
        return checkpoint.description();
    }

    @Override
    public Set<String> names() {
        return initial.names();
    }

    @Override
    public TensorInfo info(String name) {
        return taken.contains(name) ? checkpoint.info(name) : initial.info(name);
    }

    @Override
    public HostTensor read(String name) {
        return taken.contains(name) ? checkpoint.read(name) : initial.read(name);
    }

    @Override
    public void readInto(String name, HostTensor target) {
        WeightSource source = taken.contains(name) ? checkpoint : initial;
        source.readInto(name, target);
    }

    @Override
    public void close() {
        file.run();
    }
}
