package io.github.hiera4j.cli.ladder;

import static io.github.hiera4j.cli.options.WrongCallException.checkCall;

import io.github.hiera4j.cli.options.PositiveInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of the studies of {@code hiera ladder}: the models to train and the training length. */
final class StudyOptions {
    @Option(
            names = "--train",
            description = "Pretrain and fine-tune each rung on rendered images (--video: clips), and also train it from"
                    + " scratch; needs --out. Rerun the same command to continue.")
    boolean train;

    @Option(
            names = "--ablations",
            description =
                    "Pretrain and fine-tune Hiera with the paper's variants of the autoencoder (Table 3); needs --out.")
    boolean ablations;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description = "Model to train (default: hiera_micro_64; videos: hiera_micro_8x32).")
    @Nullable
    String model;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            converter = PositiveInteger.class,
            description = "Number of training runs per variant (default: 3).")
    @Nullable
    Integer seeds;

    @Option(
            names = "--samples",
            paramLabel = "N",
            converter = PositiveInteger.class,
            description =
                    "Number of training samples, at least 50; a fifth as many, at least 200, are held out (default: 2000; videos: 200).")
    @Nullable
    Integer samples;

    @Option(
            names = "--pretrain-epochs",
            paramLabel = "N",
            converter = PositiveInteger.class,
            description = "Epochs of pretraining (default: 8).")
    @Nullable
    Integer pretrainEpochs;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            converter = PositiveInteger.class,
            description = "Epochs with labels (default: 6; videos: 14); training from scratch takes the sum of both.")
    @Nullable
    Integer epochs;

    boolean isAsked() {
        checkCall(!train || !ablations, "--train and --ablations are two studies: choose one");
        boolean detailed =
                model != null || seeds != null || samples != null || pretrainEpochs != null || epochs != null;
        checkCall(
                train || ablations || !detailed,
                "--model, --seeds, --samples, --pretrain-epochs and --epochs belong to --train or --ablations");
        return train || ablations;
    }

    String model(boolean video) {
        return model != null ? model : video ? "hiera_micro_8x32" : "hiera_micro_64";
    }

    int seeds() {
        return seeds == null ? 3 : seeds;
    }

    int samples(boolean video) {
        int count = samples != null ? samples : video ? 200 : 2000;
        checkCall(count >= 50, "--samples must be 50 or more, got %d", count);
        return count;
    }

    int pretrainEpochs() {
        return pretrainEpochs == null ? 8 : pretrainEpochs;
    }

    int epochs(boolean video) {
        return epochs != null ? epochs : video ? 14 : 6; // about as many steps as are needed to learn the samples
    }
}
