package io.github.hiera4j.train.recipe;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.baseline.BaselineModel;
import io.github.hiera4j.model.baseline.BaselineName;
import io.github.hiera4j.model.baseline.MViTv2Config;
import io.github.hiera4j.model.baseline.Rung;
import io.github.hiera4j.model.baseline.VisionTransformerConfig;
import io.github.hiera4j.model.baseline.VisionTransformerMae;
import io.github.hiera4j.model.mae.MaeTarget;
import java.util.Optional;

/** ViT and MViTv2 in recipes. A setting that these models do not have is refused. */
public final class BaselineModels {
    private static final int WIDEST_DECODER = 512;
    private static final int DEEPEST_DECODER = 8;

    private BaselineModels() {}

    /**
     * {@return the classifier that a recipe names, if it is a ViT or an MViTv2}
     *
     * @param model the recipe's settings of the model
     * @param classes of the head, 1 or more
     * @throws io.github.hiera4j.model.HieraException if the recipe has a setting that the model does not have
     */
    public static Optional<BaselineModel> classifier(ModelSettings model, int classes) {
        return BaselineName.find(model.name(), classes).map(found -> {
            checkShared(model);
            if (found instanceof VisionTransformerConfig vit) {
                check(model.headDropout() == 0, "head_dropout: ViT has none, set head_dropout=0");
                return vit.with(classes, model.dropPath());
            }
            return ((MViTv2Config) found).with(classes, model.dropPath(), model.headDropout());
        });
    }

    /**
     * {@return the autoencoder of the ViT that a recipe names, if it names one} For a published size, its decoder is the released one (512
     * channels, 8 blocks, 16 heads); for others it has the encoder's width and number of blocks, up to 512 and 8.
     *
     * @param model the recipe's settings of the model
     * @throws io.github.hiera4j.model.HieraException if the recipe has a setting that the model does not have, or names an MViTv2
     */
    public static Optional<VisionTransformerMae> autoencoder(ModelSettings model) {
        return BaselineName.find(model.name(), 1).map(found -> {
            checkShared(model);
            check(
                    found instanceof VisionTransformerConfig,
                    "%s: MViTv2 is trained with labels only: pretrain a Hiera with rung=a, b or c, or a ViT",
                    model.name());
            check(
                    model.multiScaleFusion() && model.maeTarget() == MaeTarget.NORMALISED_PIXELS,
                    "ViT's autoencoder has one stage and predicts normalised pixels: leave multi_scale_fusion and mae_target as"
                            + " they are");
            VisionTransformerConfig encoder = ((VisionTransformerConfig) found).with(0, model.dropPath());
            VisionTransformerMae released = encoder.embedDim() > WIDEST_DECODER
                    ? VisionTransformerMae.around(encoder)
                    : new VisionTransformerMae(
                            encoder,
                            encoder.embedDim(),
                            Math.min(encoder.depth(), DEEPEST_DECODER),
                            encoder.numHeads());
            return model.decoderDepth() == 0
                    ? released
                    : new VisionTransformerMae(
                            encoder, released.decoderDim(), model.decoderDepth(), released.decoderHeads());
        });
    }

    /** Returns the classifier with one class, for checks before the data are known. */
    static Optional<BaselineModel> find(ModelSettings model) {
        return BaselineName.find(model.name(), 1).map(found -> {
            checkShared(model);
            return found;
        });
    }

    private static void checkShared(ModelSettings model) {
        check(
                model.ladderRung() == Rung.F,
                "rung: %s is not on the ladder; leave rung out, or name a Hiera, such as model=hiera_tiny_224",
                model.name());
        check(
                model.inputSize().equals(Models.PUBLISHED),
                "input_size: %s has its input size in its name; leave input_size out",
                model.name());
    }
}
