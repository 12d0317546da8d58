package io.github.hiera4j.model.sam;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Prompts for several objects of one image, padded to the same length. Padding is masked in every attention, so that a prompt's
 * result does not depend on the others.
 *
 * @param config the model
 * @param prompts one per object; either all of them have a mask or none
 */
public record PromptBatch(Sam2Config config, List<Sam2Prompt> prompts) {
    static final String POINTS = "points";
    static final String LABELS = "labels";
    static final String UNREAD = "unread";
    static final String MASK = "mask_prompt";

    /** Added to the score of a padding token, so that its weight becomes exactly 0. */
    private static final float FAR_BELOW = -1e9f;

    /**
     * Checks the values and copies the collections.
     *
     * @param config the model
     * @param prompts one per object; either all of them have a mask or none
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public PromptBatch {
        prompts = List.copyOf(prompts);
        check(!prompts.isEmpty(), "expected at least one prompt");
        int size = config.maskSize();
        boolean masked = prompts.get(0).mask() != null;
        for (Sam2Prompt prompt : prompts) {
            float[] mask = prompt.mask();
            check((mask != null) == masked, "in a batch either all prompts must have a mask or none");
            check(
                    mask == null || mask.length == size * size,
                    "a mask prompt must have %d x %d logits, got %d",
                    size,
                    size,
                    mask == null ? 0 : mask.length);
        }
    }

    /** {@return the branch of {@link Sam2PromptGraph} that computes this batch} */
    public Sam2PromptGraph.Form form() {
        int longest = prompts.stream().mapToInt(Sam2Prompt::tokens).max().orElse(0);
        int capacity = Sam2PromptGraph.CAPACITIES.stream()
                .filter(candidate -> candidate >= longest)
                .findFirst()
                .orElseThrow();
        return new Sam2PromptGraph.Form(capacity, prompts.get(0).mask() != null);
    }

    /** {@return the prompts as tensors, by input name; the image's tensors are separate inputs} */
    public Map<String, HostTensor> feeds() {
        Sam2PromptGraph.Form form = form();
        int count = prompts.size();
        int capacity = form.capacity();
        int kinds = PointLabel.COUNT;
        int all = capacity + Sam2MaskDecoder.ownTokens(config);
        HostTensor points = HostTensor.allocate(DType.FLOAT32, Shape.of(count, capacity, 2));
        HostTensor labels = HostTensor.allocate(DType.FLOAT32, Shape.of(count, capacity, kinds));
        HostTensor unread = HostTensor.allocate(DType.FLOAT32, Shape.of(count, 1, 1, all));
        FloatBuffer places = points.floats();
        FloatBuffer oneHot = labels.floats();
        FloatBuffer bias = unread.floats();
        for (int object = 0; object < count; object++) {
            Sam2Prompt prompt = prompts.get(object);
            for (int token = 0; token < capacity; token++) {
                if (token < prompt.tokens()) {
                    PromptPoint point =
                            token < prompt.points().size() ? prompt.points().get(token) : PromptPoint.PLACE_HOLDER;
                    int at = object * capacity + token;
                    places.put(2 * at, normalised(point.x()));
                    places.put(2 * at + 1, normalised(point.y()));
                    oneHot.put(kinds * at + point.label().column(), 1);
                } else {
                    bias.put(object * all + token, FAR_BELOW);
                }
            }
        }
        Map<String, HostTensor> feeds = new LinkedHashMap<>();
        feeds.put(form.named(POINTS), points);
        feeds.put(form.named(LABELS), labels);
        feeds.put(form.named(UNREAD), unread);
        if (form.hasMask()) {
            feeds.put(form.named(MASK), masks());
        }
        return feeds;
    }

    /** Returns the centre of a pixel, from -1 to 1 over the image. */
    private float normalised(double pixel) {
        return (float) (2 * (pixel + 0.5) / config.imageSize() - 1);
    }

    private HostTensor masks() {
        int size = config.maskSize();
        HostTensor masks = HostTensor.allocate(DType.FLOAT32, Shape.of(prompts.size(), size, size));
        FloatBuffer values = masks.floats();
        for (Sam2Prompt prompt : prompts) {
            for (float logit : java.util.Objects.requireNonNull(prompt.mask())) {
                check(!Float.isNaN(logit), "a mask prompt's logits must be numbers, got NaN");
                values.put(Math.max(-Sam2Prompt.LARGEST_LOGIT, Math.min(Sam2Prompt.LARGEST_LOGIT, logit)));
            }
        }
        return masks;
    }
}
