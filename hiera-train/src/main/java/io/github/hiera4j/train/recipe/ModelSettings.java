package io.github.hiera4j.train.recipe;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.io.Printable;

/**
 * What is trained.
 *
 * @param name a published name, or one of {@link Models}' small ones
 * @param inputSize the model's input where it differs from the published one: {@code 448}, {@code 256x320} (height × width),
 *     {@code 8x224x224} with frames; {@code published} otherwise. Weights of another size are resized
 * @param dropPath drop path of the last block, in [0, 1)
 * @param headDropout dropout before the head, in [0, 1)
 * @param maskRatio share of mask units hidden (pretraining), in (0, 1)
 */
public record ModelSettings(
        @Key("model") String name, String inputSize, double dropPath, double headDropout, double maskRatio) {
    private static final int LONGEST_NAME = 100;

    /**
     * Checks the settings.
     *
     * @param name a published name, or one of {@link Models}' small ones
     * @param inputSize the model's input where it differs from the published one: {@code 448}, {@code 256x320} (height × width),
     *     {@code 8x224x224} with frames; {@code published} otherwise. Weights of another size are resized
     * @param dropPath drop path of the last block, in [0, 1)
     * @param headDropout dropout before the head, in [0, 1)
     * @param maskRatio share of mask units hidden (pretraining), in (0, 1)
     * @throws io.github.hiera4j.model.HieraException that names the first setting that is out of range
     */
    public ModelSettings {
        check(name.length() <= LONGEST_NAME, "model must be the name of a model, got '%s'", Printable.of(name));
        Models.checkSize(inputSize);
        Ranges.below("drop_path", dropPath, 0, 1);
        Ranges.below("head_dropout", headDropout, 0, 1);
        check(maskRatio > 0 && maskRatio < 1, "mask_ratio must be above 0 and below 1, got %s", maskRatio);
    }
}
