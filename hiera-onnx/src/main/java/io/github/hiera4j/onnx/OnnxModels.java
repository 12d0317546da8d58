package io.github.hiera4j.onnx;

import static io.github.hiera4j.model.Check.check;
import static io.github.hiera4j.model.Check.checkSupported;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.hieradet.HieraDet;
import io.github.hiera4j.model.hieradet.HieraDetConfig;
import io.github.hiera4j.model.mae.HieraMae;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.mae.MaeTarget;
import io.github.hiera4j.model.mae.MaskUnits;
import io.github.hiera4j.model.network.Axes;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.sam.Sam2Config;
import io.github.hiera4j.model.sam.Sam2ImageEncoder;
import io.github.hiera4j.model.sam.Sam2PromptGraph;
import io.github.hiera4j.onnx.graph.InputStage;
import io.github.hiera4j.onnx.graph.MaskStage;
import io.github.hiera4j.onnx.graph.PixelStage;
import io.github.hiera4j.onnx.graph.PromptStage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Builds the graphs that are exported for each kind of model. */
public final class OnnxModels {
    /** Logits of an object's masks, {@code [objects, masks, S / 4, S / 4]}. */
    public static final String MASKS = "masks";

    /** Predicted intersection over union, {@code [objects, masks]}. */
    public static final String QUALITY = "iou_predictions";

    /** Above 0 if the object is visible, {@code [objects, 1]}. */
    public static final String OBJECT_SCORE = "object_score";

    private OnnxModels() {}

    /** The outputs with which a classifier or encoder is exported. */
    public enum Output {
        /** Class scores and probabilities. */
        LOGITS,
        /** The pooled and normalised token. */
        EMBEDDING,
        /** The feature maps of every stage. */
        FEATURES
    }

    /**
     * {@return an encoder, with or without a head}
     *
     * @param name the name of the graph in the file
     * @param graph the network at its input size
     * @param output the requested output
     * @param pixels the preprocessing, if it is to be part of the graph
     * @throws io.github.hiera4j.model.HieraException if the model has no such output
     */
    public static OnnxGraph encoder(String name, Graph graph, Output output, Optional<PixelStage> pixels) {
        List<String> outputs = switch (output) {
            case LOGITS -> List.of(Hiera.LOGITS, Hiera.PROBABILITIES);
            case EMBEDDING -> List.of(Hiera.EMBEDDING);
            case FEATURES ->
                graph.outputs().keySet().stream()
                        .filter(each -> each.startsWith("stage"))
                        .toList();
        };
        check(
                graph.outputs().keySet().containsAll(outputs),
                "the model has no output %s, only %s: choose another output",
                outputs.get(0),
                graph.outputs().keySet());
        return new OnnxGraph(name, graph.select(outputs), stages(pixels), Map.of());
    }

    /**
     * {@return a masked autoencoder} Its inputs are the pixels and {@link MaskStage#VISIBLE}; its outputs {@link HieraMae#PREDICTION} and {@link
     * HieraMae#TARGET}.
     *
     * @param name the name of the graph in the file
     * @param config the autoencoder
     * @param maskRatio the share of mask units that are hidden, above 0 and below 1
     * @param pixels the preprocessing, if it is to be part of the graph
     */
    public static OnnxGraph autoencoder(String name, MaeConfig config, double maskRatio, Optional<PixelStage> pixels) {
        int keep = MaskUnits.keepCount(Axes.product(config.encoder().unitGrid()), maskRatio);
        checkSupported(
                config.target() != MaeTarget.HOG,
                "an autoencoder whose targets are histograms of gradients cannot be exported: its targets are not in the graph");
        Graph graph = new HieraMae(config).inferenceGraph(keep);
        List<InputStage> stages = new ArrayList<>(stages(pixels));
        stages.add(new MaskStage(config, keep));
        return new OnnxGraph(name, graph.select(HieraMae.PREDICTION, HieraMae.TARGET), stages, Map.of());
    }

    /**
     * The image encoder of a SAM 2 model, to be run once per image.
     *
     * @param name the name of the graph in the file
     * @param config the settings of the model
     * @param pixels how pictures become the network's input; empty: the input is normalised pixels
     * @return the graph
     */
    public static OnnxGraph imageEncoder(String name, Sam2Config config, Optional<PixelStage> pixels) {
        Graph graph = new Sam2ImageEncoder(config).graph().select(Sam2ImageEncoder.OUTPUTS);
        return new OnnxGraph(name, graph, stages(pixels), Map.of());
    }

    /**
     * The trunk of a SAM 2 model or of a detector, with the feature maps of every stage.
     *
     * @param name the name of the graph in the file
     * @param config the settings of the trunk
     * @param pixels how pictures become the network's input; empty: the input is normalised pixels
     * @return the graph
     */
    public static OnnxGraph trunk(String name, HieraDetConfig config, Optional<PixelStage> pixels) {
        return new OnnxGraph(name, new HieraDet(config).inferenceGraph(), stages(pixels), Map.of());
    }

    /**
     * Prompt encoder and mask decoder of a SAM 2 model, to be run once for every batch of prompts on one image.
     *
     * @param name the name of the graph in the file
     * @param config the model
     * @param points number of points of a prompt, including unused ones; one of {@link Sam2PromptGraph#CAPACITIES}
     * @param withMask whether prompts include earlier masks
     * @return the graph
     */
    public static OnnxGraph maskDecoder(String name, Sam2Config config, int points, boolean withMask) {
        check(
                Sam2PromptGraph.CAPACITIES.contains(points),
                "the points of a prompt must be one of %s, got %d",
                Sam2PromptGraph.CAPACITIES,
                points);
        Sam2PromptGraph.Form form = new Sam2PromptGraph.Form(points, withMask);
        Graph graph = new Sam2PromptGraph(config).graph().select(form.masks(), form.quality(), form.objectScore());
        return new OnnxGraph(
                name,
                graph,
                List.of(new PromptStage(config, form)),
                Map.of(form.masks(), MASKS, form.quality(), QUALITY, form.objectScore(), OBJECT_SCORE));
    }

    private static List<InputStage> stages(Optional<PixelStage> pixels) {
        return pixels.<List<InputStage>>map(List::of).orElse(List.of());
    }
}
