package io.github.hiera4j.cli.media;

import io.github.hiera4j.api.ReadOptions;
import io.github.hiera4j.cli.options.LoadingOptions;
import io.github.hiera4j.cli.options.PositiveInteger;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The arguments of every command that processes images and videos. */
final class MediaOptions {
    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "Images, videos, directories, quoted globs; - reads a list from standard input.")
    List<String> files;

    @Option(
            names = {"-w", "--weights"},
            required = true,
            paramLabel = "W",
            description = "A checkpoint, or a directory with one. With two, an image model and a video model, each file"
                    + " is processed by the model for its kind.")
    List<Path> weights;

    @Option(
            names = "--clips",
            converter = PositiveInteger.class,
            paramLabel = "N",
            description = "Number of clips per video, averaged (default: as the checkpoint says, otherwise 5).")
    @Nullable
    Integer clips;

    @Option(
            names = "--crops",
            paramLabel = "N",
            description = "Crops per clip: 1 or 3 (default: as the checkpoint says, otherwise 3).")
    @Nullable
    Integer crops;

    @Option(
            names = "--stride",
            paramLabel = "N",
            description =
                    "Distance between a clip's frames, at 30 frames per second (default: as the checkpoint says, otherwise 4).")
    @Nullable
    Integer stride;

    @Option(
            names = {"-b", "--batch"},
            converter = PositiveInteger.class,
            paramLabel = "N",
            description = "Images or clips per batch (default: 8 images or 1 clip; on CUDA 32 or 4).")
    @Nullable
    Integer batch;

    @Option(names = "--workers", paramLabel = "N", description = "Decoder threads (default: one per core).")
    int workers = ReadOptions.DEFAULT.workers();

    @Option(names = "--fail-fast", description = "Stop at the first file that fails.")
    boolean failFast;

    @Mixin
    LoadingOptions load;

    /**
     * Returns the requested options, with the model's own for those not given.
     *
     * @param own the model's options
     * @param isVideo whether the model takes clips
     */
    ReadOptions readOptions(ReadOptions own, boolean isVideo) {
        return own.toBuilder()
                .clips(clips == null ? own.clips() : clips)
                .crops(crops == null ? own.crops() : crops)
                .stride(stride == null ? own.stride() : stride)
                .batch(batch == null ? defaultBatch(isVideo) : batch)
                .workers(workers)
                .build();
    }

    /** Returns 1 for a list on standard input, because its writer may wait for a result before the next line. */
    private int defaultBatch(boolean isVideo) {
        if (files.contains("-")) {
            return 1;
        }
        boolean cuda = load.engine.compileOptions().device().startsWith("cuda");
        return isVideo ? (cuda ? 4 : 1) : cuda ? 32 : 8;
    }

    /** Returns the settings, besides weights and files, that determine results, as text. */
    List<String> settings() {
        return List.of("clips=" + clips + " crops=" + crops + " stride=" + stride, load.settings());
    }
}
