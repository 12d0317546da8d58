package io.github.hiera4j.api.insight.explain;

import static io.github.hiera4j.model.Check.check;
import static io.github.hiera4j.model.Check.checkSupported;

import io.github.hiera4j.api.EncoderGraph;
import io.github.hiera4j.api.HieraGraph;
import io.github.hiera4j.api.LoadOptions;
import io.github.hiera4j.api.insight.attention.TokenGrid;
import io.github.hiera4j.api.insight.picture.Grid;
import io.github.hiera4j.model.backend.GradientSession;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.tensor.HostTensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Shows which pixels are evidence for a class of a classifier. Gradients need the artifact {@code hiera-torch} at run time; occlusion
 * works with every backend. Safe to call from several threads; holds native memory until it is closed.
 */
public final class Explainer implements AutoCloseable {
    private final HieraGraph model;
    private final String tokens;
    private final int stage;

    private Explainer(HieraGraph model, int stage) {
        this.model = model;
        this.stage = stage;
        tokens = EncoderGraph.stageTokens(EncoderGraph.of(model.config()), model.encoder(), stage);
    }

    /**
     * Loads a classifier whose scores can be differentiated.
     *
     * @param weights a checkpoint with a head
     * @param options the loading options
     * @param stage whose map Grad-CAM uses, from 1; null for the last one
     * @return the loaded model
     * @throws io.github.hiera4j.model.UnsupportedException if gradients cannot be computed in this environment
     * @throws io.github.hiera4j.model.HieraException if it cannot be loaded or is not a classifier
     */
    public static Explainer load(Path weights, LoadOptions options, @Nullable Integer stage) {
        HieraGraph model = HieraGraph.loadWithGradients(weights, options, config -> graph(weights, config, stage));
        return new Explainer(model, stage == null ? model.encoder().stages().size() : stage);
    }

    /**
     * Loads a classifier for occlusion only, which needs no gradients.
     *
     * @param weights a checkpoint with a head
     * @param options the loading options
     * @return the loaded model
     * @throws io.github.hiera4j.model.HieraException if it cannot be loaded or is not a classifier
     */
    public static Explainer loadForOcclusion(Path weights, LoadOptions options) {
        HieraGraph model = HieraGraph.load(weights, options, config -> graph(weights, config, null));
        return new Explainer(model, model.encoder().stages().size());
    }

    private static Graph graph(Path weights, ModelConfig config, @Nullable Integer stage) {
        checkSupported(
                config instanceof HieraConfig && config.encoder().numClasses() > 0,
                "%s: has no classes to explain: give the weights of a classifier",
                weights);
        HieraConfig hiera = config.encoder();
        int stages = hiera.stages().size();
        if (stage != null) {
            check(stage >= 1 && stage <= stages, "the model has stages 1 to %d, got %d", stages, stage);
        }
        Graph graph = EncoderGraph.of(config);
        String tokens = EncoderGraph.stageTokens(graph, hiera, stage == null ? stages : stage);
        return graph.exposing(List.of(tokens)).select(Hiera.LOGITS, Hiera.PROBABILITIES, tokens);
    }

    /** {@return the network, for preparing views} */
    public HieraGraph model() {
        return model;
    }

    /** {@return the number of classes} */
    public int classes() {
        return model.encoder().numClasses();
    }

    /**
     * Returns the probabilities of all classes.
     *
     * @param view normalised pixels {@code [1, 3, (T,) H, W]}
     * @return one number per class
     */
    public float[] probabilities(HostTensor view) {
        return model.run(view, Hiera.PROBABILITIES).slice(0).toFloats();
    }

    /**
     * Computes Grad-CAM: the stage's channels, weighted by the mean gradient of the class's score (before the softmax) with respect to
     * them; evidence against the class is set to 0.
     *
     * @param view normalised pixels {@code [1, 3, (T,) H, W]}
     * @param target the class
     * @return maps of the stage's resolution
     */
    public Attribution gradCam(HostTensor view, int target) {
        GradientSession.Pass pass = model.differentiate(view, Hiera.LOGITS, oneHot(1, target), List.of(tokens));
        HostTensor activations = Objects.requireNonNull(pass.outputs().get(tokens));
        int count = activations.shape().size(1);
        int channels = activations.shape().size(2);
        float[] values = activations.toFloats();
        float[] gradients = Objects.requireNonNull(pass.gradients().get(tokens)).toFloats();
        double[] weights = new double[channels];
        for (int i = 0; i < gradients.length; i++) {
            weights[i % channels] += gradients[i] / (double) count;
        }
        double[] relevance = new double[count];
        for (int i = 0; i < values.length; i++) {
            relevance[i / channels] += weights[i % channels] * values[i];
        }
        for (int token = 0; token < count; token++) {
            relevance[token] = Math.max(0, relevance[token]);
        }
        HieraConfig config = model.encoder();
        int last = config.stages().subList(0, stage).stream()
                        .mapToInt(Integer::intValue)
                        .sum()
                - 1;
        TokenGrid grid = new TokenGrid(config, EncoderGraph.poolingsAfter(config, last));
        return new Attribution(Attribution.Method.GRAD_CAM, grid.grids(relevance));
    }

    /**
     * Computes integrated gradients from a view of mean colour: see {@link IntegratedGradients}.
     *
     * @param view normalised pixels {@code [1, 3, (T,) H, W]}
     * @param target the class
     * @return maps of every pixel, and the agreement of their sum
     */
    public IntegratedGradients integratedGradients(HostTensor view, int target) {
        return IntegratedGradients.of(this, view, target);
    }

    /** Returns the gradient of the class's score with respect to the pixels of a batch of views, {@code [B, 3, (T,) H, W]}. */
    float[] pixelGradients(HostTensor views, int target) {
        int batch = views.shape().size(0);
        GradientSession.Pass pass =
                model.differentiate(views, Hiera.LOGITS, oneHot(batch, target), List.of(HieraEncoder.INPUT));
        return Objects.requireNonNull(pass.gradients().get(HieraEncoder.INPUT)).toFloats();
    }

    /** Returns the class's score before the softmax. */
    double score(HostTensor view, int target) {
        return model.run(view, Hiera.LOGITS).slice(0).get(target);
    }

    private HostTensor oneHot(int batch, int target) {
        check(target >= 0 && target < classes(), "the model has classes 0 to %d, got %d", classes() - 1, target);
        float[] weights = new float[batch * classes()];
        for (int sample = 0; sample < batch; sample++) {
            weights[sample * classes() + target] = 1;
        }
        return HostTensor.of(io.github.hiera4j.model.tensor.Shape.of(batch, classes()), weights);
    }

    /**
     * Computes occlusion: the decrease of the class's probability when a square is covered with the mean colour, in all frames of a
     * clip.
     *
     * @param view normalised pixels {@code [1, 3, (T,) H, W]}
     * @param target the class
     * @return one map with a cell per square, the size of a mask unit
     */
    public Attribution occlusion(HostTensor view, int target) {
        HieraConfig config = model.encoder();
        List<Integer> units = config.unitGrid();
        int rows = units.get(units.size() - 2);
        int columns = units.get(units.size() - 1);
        double whole = probabilities(view)[target];
        ViewParts parts = new ViewParts(view, 1, rows, columns);
        float[] lost = new float[rows * columns];
        for (int cell = 0; cell < lost.length; cell++) {
            lost[cell] = (float) (whole - probabilities(parts.without(List.of(cell)))[target]);
        }
        return new Attribution(Attribution.Method.OCCLUSION, List.of(new Grid(rows, columns, lost)));
    }

    @Override
    public void close() {
        model.close();
    }
}
