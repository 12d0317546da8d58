package io.github.hiera4j.model.sam;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.hieradet.HieraDetConfig;
import java.util.List;
import java.util.Set;

/**
 * The settings of an image model of the SAM 2 family, validated on construction.
 *
 * @param trunk the image encoder's trunk; its input is square
 * @param dim channels after the neck, of prompts and of the mask decoder
 * @param topDownLevels the levels included in the neck's top-down sum; 0 is the finest
 * @param maskChannels channels of an encoded mask prompt before it is widened to {@code dim}
 * @param decoderDepth two-way transformer layers
 * @param decoderHeads attention heads of the mask decoder
 * @param decoderMlpDim hidden channels of the transformer's MLP
 * @param crossAttentionDim channels inside the attention between tokens and image
 * @param qualityHiddenDim hidden channels of the head that predicts a mask's IoU
 * @param multimasks number of masks for an ambiguous prompt, in addition to the one for unambiguous prompts
 * @param maskChoice how a single mask is chosen
 */
public record Sam2Config(
        HieraDetConfig trunk,
        int dim,
        Set<Integer> topDownLevels,
        int maskChannels,
        int decoderDepth,
        int decoderHeads,
        int decoderMlpDim,
        int crossAttentionDim,
        int qualityHiddenDim,
        int multimasks,
        MaskChoice maskChoice) {

    /** Levels of the trunk: strides 4, 8, 16, 32. */
    static final int LEVELS = 4;

    private static final int LARGEST_DIM = 1 << 14;

    /**
     * Checks the values and copies the collections.
     *
     * @param trunk the image encoder's trunk; its input is square
     * @param dim channels after the neck, of prompts and of the mask decoder
     * @param topDownLevels the levels included in the neck's top-down sum; 0 is the finest
     * @param maskChannels channels of an encoded mask prompt before it is widened to {@code dim}
     * @param decoderDepth two-way transformer layers
     * @param decoderHeads attention heads of the mask decoder
     * @param decoderMlpDim hidden channels of the transformer's MLP
     * @param crossAttentionDim channels inside the attention between tokens and image
     * @param qualityHiddenDim hidden channels of the head that predicts a mask's IoU
     * @param multimasks number of masks for an ambiguous prompt, in addition to the one for unambiguous prompts
     * @param maskChoice how a single mask is chosen
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public Sam2Config {
        topDownLevels = Set.copyOf(topDownLevels);
        List<Integer> size = trunk.inputSize();
        check(
                size.get(0).equals(size.get(1)) && size.get(0) % 32 == 0 && size.get(0) <= 4096,
                "a segmentation model takes square images of a multiple of 32 up to 4096 pixels, got %s",
                size);
        check(
                trunk.stages().size() == LEVELS && trunk.qPool() == LEVELS - 1,
                "a segmentation model has 4 stages and 3 poolings, got stages %s and q_pool %d",
                trunk.stages(),
                trunk.qPool());
        check(trunk.patchStride() == 4, "a segmentation model has patches of stride 4, got %d", trunk.patchStride());
        check(
                dim >= 8 && dim % 8 == 0 && dim <= LARGEST_DIM,
                "the decoder's channels must be a multiple of 8 up to %d, got %d",
                LARGEST_DIM,
                dim);
        check(
                topDownLevels.stream().allMatch(level -> level >= 0 && level < LEVELS),
                "top-down levels must be 0 to %d, got %s",
                LEVELS - 1,
                topDownLevels);
        check(
                maskChannels >= 4 && maskChannels % 4 == 0 && maskChannels <= LARGEST_DIM,
                "the channels of a mask prompt must be a multiple of 4, got %d",
                maskChannels);
        check(decoderDepth >= 1 && decoderDepth <= 64, "the decoder must have 1 to 64 layers, got %d", decoderDepth);
        check(
                decoderHeads >= 1 && dim % decoderHeads == 0 && crossAttentionDim % decoderHeads == 0,
                "the decoder's channels %d and %d must be multiples of its %d heads",
                dim,
                crossAttentionDim,
                decoderHeads);
        check(
                inRange(decoderMlpDim) && inRange(crossAttentionDim) && inRange(qualityHiddenDim),
                "the decoder's inner channels must be 1 to %d, got %d, %d and %d",
                LARGEST_DIM,
                decoderMlpDim,
                crossAttentionDim,
                qualityHiddenDim);
        check(multimasks >= 1 && multimasks <= 64, "a prompt must have 1 to 64 masks, got %d", multimasks);
    }

    private static boolean inRange(int channels) {
        return channels >= 1 && channels <= LARGEST_DIM;
    }

    /**
     * {@return the configuration with a trunk and the decoder of all published models}
     *
     * @param trunk the image encoder
     */
    public static Sam2Config published(HieraDetConfig trunk) {
        return new Sam2Config(trunk, 256, Set.of(2, 3), 16, 2, 8, 2048, 128, 256, 3, MaskChoice.PUBLISHED);
    }

    /** {@return height and width of the network's input in pixels} */
    public int imageSize() {
        return trunk.inputSize().get(0);
    }

    /** {@return height and width of the image embedding, at stride 16} */
    public int embeddingSize() {
        return trunk.stageGrid(2).get(0);
    }

    /** {@return height and width of the decoder's input and output masks, at stride 4} */
    public int maskSize() {
        return 4 * embeddingSize();
    }

    /**
     * Returns the number of masks that the decoder computes for each prompt: the one for unambiguous prompts, then the others.
     *
     * @return the number of masks
     */
    public int masks() {
        return multimasks + 1;
    }
}
