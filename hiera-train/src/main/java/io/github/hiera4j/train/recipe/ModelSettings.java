package io.github.hiera4j.train.recipe;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.baseline.Rung;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.mae.MaeTarget;

/**
 * The model to train.
 *
 * @param name a published name, or one of {@link Models}' small ones
 * @param inputSize the model's input if it differs from the published one: {@code 448}, {@code 256x320} (height × width),
 *     {@code 8x224x224} with frames; {@code published} otherwise. Weights of another size are resized
 * @param dropPath drop path of the last block, in [0, 1)
 * @param headDropout dropout before the head, in [0, 1)
 * @param maskRatio fraction of mask units that are masked (pretraining), in (0, 1)
 * @param rung of the ladder between MViTv2 and Hiera: {@code 0}, {@code a} to {@code f}; {@code f} is Hiera
 * @param decoderDepth blocks of the decoder (pretraining); 0: the model's own number
 * @param multiScaleFusion whether the decoder sees all stages (pretraining); otherwise only the last one
 * @param maeTarget the target that the decoder predicts (pretraining)
 */
public record ModelSettings(
        @Key("model") String name,
        String inputSize,
        double dropPath,
        double headDropout,
        double maskRatio,
        String rung,
        int decoderDepth,
        boolean multiScaleFusion,
        MaeTarget maeTarget) {
    private static final int LONGEST_NAME = 100;
    private static final int DEEPEST_DECODER = 64;

    /**
     * Checks the settings.
     *
     * @param name a published name, or one of {@link Models}' small ones
     * @param inputSize the model's input if it differs from the published one: {@code 448}, {@code 256x320} (height × width),
     *     {@code 8x224x224} with frames; {@code published} otherwise. Weights of another size are resized
     * @param dropPath drop path of the last block, in [0, 1)
     * @param headDropout dropout before the head, in [0, 1)
     * @param maskRatio fraction of mask units that are masked (pretraining), in (0, 1)
     * @param rung of the ladder between MViTv2 and Hiera: {@code 0}, {@code a} to {@code f}; {@code f} is Hiera
     * @param decoderDepth blocks of the decoder (pretraining); 0: the model's own number
     * @param multiScaleFusion whether the decoder sees all stages (pretraining); otherwise only the last one
     * @param maeTarget the target that the decoder predicts (pretraining)
     * @throws io.github.hiera4j.model.HieraException if a setting is out of range; the message names the first one
     */
    public ModelSettings {
        check(name.length() <= LONGEST_NAME, "model must be the name of a model, got '%s'", Printable.of(name));
        Models.checkSize(inputSize);
        Ranges.below("drop_path", dropPath, 0, 1);
        Ranges.below("head_dropout", headDropout, 0, 1);
        check(maskRatio > 0 && maskRatio < 1, "mask_ratio must be above 0 and below 1, got %s", maskRatio);
        Rung.parse(rung);
        Ranges.between("decoder_depth", decoderDepth, 0, DEEPEST_DECODER);
    }

    /** {@return the rung of the ladder; {@code F} is Hiera} */
    public Rung ladderRung() {
        return Rung.parse(rung);
    }
}
