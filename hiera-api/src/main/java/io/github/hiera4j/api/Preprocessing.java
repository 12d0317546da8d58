package io.github.hiera4j.api;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.media.ImagePreprocess;
import io.github.hiera4j.media.Interpolation;
import io.github.hiera4j.media.Normalisation;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.weights.PreprocessHints;
import java.util.Optional;

/** Chooses how images are prepared: as the checkpoint says, else as the released models were trained. */
final class Preprocessing {
    private Preprocessing() {}

    static ImagePreprocess of(HieraConfig config, Optional<PreprocessHints> hints) {
        int height = config.inputSize().get(config.axes() - 2);
        int width = config.inputSize().get(config.axes() - 1);
        return hints.map(hint -> timm(height, width, hint)).orElseGet(() -> ImagePreprocess.imageNet(height, width));
    }

    private static ImagePreprocess timm(int height, int width, PreprocessHints hints) {
        Interpolation interpolation = switch (hints.interpolation()) {
            case "bicubic" -> Interpolation.BICUBIC;
            case "bilinear" -> Interpolation.BILINEAR;
            default -> {
                check(
                        false,
                        "the checkpoint asks for '%s' resizing: expected bicubic or bilinear",
                        hints.interpolation());
                yield Interpolation.BICUBIC;
            }
        };
        return ImagePreprocess.timm(
                height, width, hints.cropPct(), interpolation, new Normalisation(hints.mean(), hints.std()));
    }
}
