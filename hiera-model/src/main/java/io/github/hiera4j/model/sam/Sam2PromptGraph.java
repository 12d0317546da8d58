package io.github.hiera4j.model.sam;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Prompt encoder and mask decoder as one graph with a branch for each {@link Form} of prompts, which share every weight: a
 * session holds the weights once and computes the branch whose outputs are requested.
 *
 * <p>The inputs are the outputs of {@link Sam2ImageEncoder} for one image, with a leading axis of 1, and those that
 * {@link PromptBatch#feeds} makes from a batch of prompts.
 */
public record Sam2PromptGraph(Sam2Config config) {
    /** Lengths that the prompts of a batch are padded to, ascending. */
    public static final List<Integer> CAPACITIES = List.of(2, 4, 8, 16, 32, 64, 128);

    /** Logits {@code [B, masks, 4h, 4w]}; mask 0 is the one for unambiguous prompts. */
    static final String MASKS = "masks";

    /** Predicted IoU of each mask, {@code [B, masks]}. */
    static final String QUALITY = "quality";

    /** Above 0 if the object is visible, {@code [B, 1]}. */
    static final String OBJECT_SCORE = "object_score";

    /** The encoded points, {@code [B, tokens, dim]}. */
    static final String SPARSE = "sparse";

    /** The position encodings of the image's tokens, {@code [1, h·w, dim]}. */
    public static final String IMAGE_POSITIONS = "image_pe";

    /**
     * The properties that determine the shapes of a branch.
     *
     * @param capacity tokens that a prompt is padded to
     * @param hasMask whether prompts have earlier masks
     */
    public record Form(int capacity, boolean hasMask) {
        /** Returns the name of an input or output of this branch. */
        String named(String tensor) {
            return tensor + "_" + capacity + (hasMask ? "_masked" : "");
        }

        /** {@return the name of the output with the masks' logits} */
        public String masks() {
            return named(MASKS);
        }

        /** {@return the name of the output with the estimated overlaps} */
        public String quality() {
            return named(QUALITY);
        }

        /** {@return the name of the output that says whether there is an object} */
        public String objectScore() {
            return named(OBJECT_SCORE);
        }

        /** {@return the name of the output with the embedded points} */
        public String sparse() {
            return named(SPARSE);
        }

        /** {@return the name of the input of positions, {@code [B, capacity, 2]}, x and y from -1 to 1} */
        public String points() {
            return named(PromptBatch.POINTS);
        }

        /** {@return the name of the input of labels, {@code [B, capacity, 5]}, 1 at the {@link PointLabel} of each point} */
        public String labels() {
            return named(PromptBatch.LABELS);
        }

        /** {@return the name of the input with a large negative number for each padding token, {@code [B, 1, 1, capacity + own tokens]}} */
        public String unread() {
            return named(PromptBatch.UNREAD);
        }

        /** {@return the name of the input of earlier masks, {@code [B, S / 4, S / 4]}; only in a branch with masks} */
        public String mask() {
            return named(PromptBatch.MASK);
        }
    }

    static List<Form> forms() {
        List<Form> forms = new ArrayList<>();
        for (int capacity : CAPACITIES) {
            forms.add(new Form(capacity, false));
            forms.add(new Form(capacity, true));
        }
        return forms;
    }

    /**
     * {@return the branch for one point without an earlier mask, from which the cost of a prompt is computed}
     *
     * @param config the settings of the model
     */
    public static Graph forPoint(Sam2Config config) {
        Form form = new Form(CAPACITIES.get(0), false);
        return new Sam2PromptGraph(config).graph().select(form.masks(), form.quality(), form.objectScore());
    }

    /** {@return the network} */
    public Graph graph() {
        GraphBuilder g = new GraphBuilder();
        int size = config.embeddingSize();
        int dim = config.dim();
        Value image = g.input(Sam2ImageEncoder.EMBEDDING, Shape.of(1, size * size, dim));
        Sam2MaskDecoder.ImageMaps maps = new Sam2MaskDecoder.ImageMaps(
                g.input(Sam2ImageEncoder.HIGH_RESOLUTION_0, Shape.of(1, 4 * size, 4 * size, dim / 8)),
                g.input(Sam2ImageEncoder.HIGH_RESOLUTION_1, Shape.of(1, 2 * size, 2 * size, dim / 4)));
        Sam2PromptEncoder encoder = new Sam2PromptEncoder(config);
        Value positions = encoder.imagePositions(g);
        g.output(IMAGE_POSITIONS, positions);
        Value unmasked = g.add(image, encoder.noMask(g));
        Sam2MaskDecoder decoder = new Sam2MaskDecoder(config, positions);
        for (Form form : forms()) {
            int tokens = form.capacity();
            Value points = g.input(form.named(PromptBatch.POINTS), Shape.batched(tokens, 2));
            Value labels = g.input(form.named(PromptBatch.LABELS), Shape.batched(tokens, PointLabel.COUNT));
            Value unread = g.input(
                    form.named(PromptBatch.UNREAD), Shape.batched(1, 1, tokens + Sam2MaskDecoder.ownTokens(config)));
            Value prompted = form.hasMask() ? g.add(mask(g, encoder, form), image) : unmasked;
            Value sparse = encoder.points(g, points, labels);
            Sam2MaskDecoder.Result result = decoder.build(g, prompted, maps, sparse, unread);
            g.output(form.sparse(), sparse);
            g.output(form.masks(), result.masks());
            g.output(form.quality(), result.quality());
            g.output(form.objectScore(), result.objectScore());
        }
        return g.build();
    }

    private Value mask(GraphBuilder g, Sam2PromptEncoder encoder, Form form) {
        int size = config.maskSize();
        return encoder.mask(g, g.input(form.named(PromptBatch.MASK), Shape.batched(size, size)));
    }
}
