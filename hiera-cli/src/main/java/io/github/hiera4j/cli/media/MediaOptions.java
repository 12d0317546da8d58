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

/** The arguments of every command that looks at images and videos. */
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
            description =
                    "A checkpoint, or a directory with one. Give two, an image model and a video model, and each file"
                            + " goes to its own.")
    List<Path> weights;

    @Option(
            names = "--clips",
            converter = PositiveInteger.class,
            paramLabel = "N",
            description = "Clips of a video, averaged (default: as the checkpoint says, else 5).")
    @Nullable
    Integer clips;

    @Option(
            names = "--crops",
            paramLabel = "N",
            description = "Crops of a clip: 1 or 3 (default: as the checkpoint says, else 3).")
    @Nullable
    Integer crops;

    @Option(
            names = "--stride",
            paramLabel = "N",
            description = "Frames between a clip's frames, at 30 a second (default: as the checkpoint says, else 4).")
    @Nullable
    Integer stride;

    @Option(
            names = {"-b", "--batch"},
            converter = PositiveInteger.class,
            paramLabel = "N",
            description = "Images or clips computed at once (default: 8 images or 1 clip; on CUDA 32 or 4).")
    @Nullable
    Integer batch;

    @Option(names = "--workers", paramLabel = "N", description = "Threads that decode ahead (default: one per core).")
    int workers = ReadOptions.DEFAULT.workers();

    @Option(names = "--fail-fast", description = "Stop at the first file that fails.")
    boolean failFast;

    @Mixin
    LoadingOptions load;

    /**
     * What was requested; where nothing was, what suits the model.
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

    /** A list on standard input may wait for the result of its last line, so it is not gathered into batches. */
    private int defaultBatch(boolean isVideo) {
        if (files.contains("-")) {
            return 1;
        }
        boolean cuda = load.engine.compileOptions().device().startsWith("cuda");
        return isVideo ? (cuda ? 4 : 1) : cuda ? 32 : 8;
    }

    /** What results depend on besides weights and files, as text. */
    List<String> settings() {
        return List.of("clips=" + clips + " crops=" + crops + " stride=" + stride, load.settings());
    }
}
