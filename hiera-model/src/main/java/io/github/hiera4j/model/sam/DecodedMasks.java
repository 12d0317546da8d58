package io.github.hiera4j.model.sam;

import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The masks of a batch of prompts; mask 0 is the one for unambiguous prompts.
 *
 * @param logits {@code [objects, masks, s, s]}
 * @param quality predicted IoU, {@code [objects, masks]}
 * @param objectScore above 0 if the object is visible, {@code [objects, 1]}
 */
public record DecodedMasks(HostTensor logits, HostTensor quality, HostTensor objectScore) {

    /**
     * Returns the number of objects of the batch.
     *
     * @return the number of objects
     */
    public int objects() {
        return logits.shape().size(0);
    }

    /**
     * Returns the logits of one mask, row-major.
     *
     * @param object the object, from 0
     * @param mask the mask of that object, from 0
     * @return the logits
     */
    public HostTensor mask(int object, int mask) {
        return logits.slice(object).slice(mask);
    }

    /**
     * {@return the predicted IoU of an object's masks, mask 0 first}
     *
     * @param object the object, from 0
     */
    public float[] qualityOf(int object) {
        return quality.slice(object).toFloats();
    }

    /**
     * {@return the indices of the result masks of an object: all but mask 0 if several were requested, otherwise one}
     *
     * @param object the object, from 0
     * @param multimask whether several masks were requested
     * @param choice how a single mask is chosen
     */
    public List<Integer> chosen(int object, boolean multimask, MaskChoice choice) {
        float[] qualities = qualityOf(object);
        if (!multimask) {
            return List.of(choice.choose(mask(object, 0).to(DType.FLOAT32).floats(), qualities));
        }
        List<Integer> all = new ArrayList<>();
        for (int mask = 1; mask < qualities.length; mask++) {
            all.add(mask);
        }
        return all;
    }
}
