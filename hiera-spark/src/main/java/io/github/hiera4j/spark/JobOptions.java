package io.github.hiera4j.spark;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of {@link HieraSparkJob} that configure a transformer, with the same names as in the {@code hiera} command. */
final class JobOptions {
    @Option(
            names = {"-w", "--weights"},
            required = true,
            paramLabel = "W",
            description = "A checkpoint: a path that all nodes can read, a URI such as s3a://…, or the name of a"
                    + " file passed with spark-submit --files.")
    private String weights = "";

    @Option(
            names = "--backend",
            paramLabel = "NAME",
            description = "onednn, torch or reference (default: the fastest).")
    private String backend = "";

    @Option(names = "--dtype", paramLabel = "TYPE", description = "float32, bfloat16, float16, int8 or auto.")
    private String dtype = "float32";

    @Option(names = "--device", paramLabel = "DEVICE", description = "cpu, cuda or cuda:N (default: cpu).")
    private String device = "cpu";

    @Option(names = "--threads", paramLabel = "N", description = "Number of threads (default: spark.task.cpus).")
    private int threads;

    @Option(
            names = {"-b", "--batch"},
            paramLabel = "N",
            description = "Images or clips per batch (default: 8).")
    private int batch = 8;

    @Option(names = "--workers", paramLabel = "N", description = "Decoder threads per task (default: 1).")
    private @Nullable Integer workers;

    @Option(names = "--clips", paramLabel = "N", description = "Number of clips per video, averaged.")
    private @Nullable Integer clips;

    @Option(names = "--crops", paramLabel = "N", description = "Crops per clip: 1 or 3.")
    private @Nullable Integer crops;

    @Option(names = "--stride", paramLabel = "N", description = "Distance between a clip's frames.")
    private @Nullable Integer stride;

    @Option(names = "--size", paramLabel = "SIZE", description = "Input size: 384, 256x320, native or native:N.")
    private @Nullable String size;

    @Option(names = "--frames", paramLabel = "N", description = "Frames per clip.")
    private @Nullable Integer frames;

    @Option(names = "--pad", description = "Pad unsupported sizes.")
    private boolean pad;

    @Option(names = "--resize-positions", paramLabel = "RULE", description = "bicubic or antialias (default: bicubic).")
    private @Nullable String positions;

    @Option(names = "--preprocess", paramLabel = "RULE", description = "checkpoint or released (default: checkpoint).")
    private @Nullable String preprocess;

    @Option(names = "--ema", description = "Use the averaged weights of a checkpoint.")
    private boolean ema;

    @Option(names = "--normalize", description = "embed: scale every vector to length 1.")
    private boolean normalize;

    @Option(names = "--top", paramLabel = "N", description = "classify: number of classes per file (default: 5).")
    private @Nullable Integer top;

    @Option(names = "--labels", paramLabel = "FILE", description = "classify: class names, one per line.")
    private @Nullable String labels;

    @Option(names = "--stage", paramLabel = "N", description = "features: only this stage's map, from 1.")
    private @Nullable Integer stage;

    @Option(
            names = "--threshold",
            paramLabel = "SCORE",
            description = "detect: report detections with a higher score (default: 0.5).")
    private @Nullable Double threshold;

    @Mixin
    private SearchOptions search = new SearchOptions();

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    /**
     * Creates the transformer.
     *
     * @throws ParameterException if an option belongs to another task or has an invalid value
     */
    MediaTransformer<?> transformer(JobTask task, String inputColumn) {
        try {
            refuseOthers(task);
            return configured(task, inputColumn);
        } catch (IllegalArgumentException wrong) { // a parameter rejects its value
            throw new ParameterException(Objects.requireNonNull(spec).commandLine(), wrong.getMessage());
        }
    }

    private void refuseOthers(JobTask task) {
        boolean encoder = task == JobTask.EMBED || task == JobTask.CLASSIFY || task == JobTask.FEATURES;
        refuse(!encoder, task, "--workers", "--clips", "--crops", "--stride", "--size", "--frames", "--pad");
        refuse(!encoder, task, "--resize-positions", "--preprocess", "--ema");
        refuse(task != JobTask.EMBED, task, "--normalize");
        refuse(task != JobTask.CLASSIFY, task, "--top", "--labels");
        refuse(task != JobTask.FEATURES, task, "--stage");
        refuse(task != JobTask.DETECT, task, "--threshold");
        refuse(task != JobTask.SEGMENT, task, SearchOptions.NAMES.toArray(new String[0]));
    }

    private MediaTransformer<?> configured(JobTask task, String inputColumn) {
        MediaTransformer<?> transformer = switch (task) {
            case EMBED -> encoder(new EmbeddingTransformer().setNormalize(normalize));
            case CLASSIFY -> encoder(classification());
            case FEATURES -> encoder(new FeatureTransformer().setStage(stage == null ? 0 : stage));
            case DETECT -> new DetectionTransformer().setThreshold(threshold == null ? 0.5 : threshold);
            case SEGMENT -> search.transformer();
        };
        transformer
                .setInputCol(inputColumn)
                .setWeights(weights)
                .setBackend(backend)
                .setDtype(dtype)
                .setDevice(device)
                .setThreads(threads)
                .setBatchSize(batch);
        return transformer;
    }

    private void refuse(boolean wrong, JobTask task, String... names) {
        var parsed = Objects.requireNonNull(spec).commandLine().getParseResult();
        for (String name : names) {
            if (wrong && parsed.hasMatchedOption(name)) {
                throw new IllegalArgumentException(name + " is not an option of --task " + task);
            }
        }
    }

    private ClassificationTransformer classification() {
        return new ClassificationTransformer().setTopK(top == null ? 5 : top).setLabels(labels == null ? "" : labels);
    }

    private <T extends EncoderTransformer<T>> T encoder(T transformer) {
        return transformer
                .setClips(clips == null ? 0 : clips)
                .setCrops(crops == null ? 0 : crops)
                .setStride(stride == null ? 0 : stride)
                .setWorkers(workers == null ? 1 : workers)
                .setSize(size == null ? "" : size)
                .setFrames(frames == null ? 0 : frames)
                .setPad(pad)
                .setAntialiasPositions(choice("--resize-positions", positions, "bicubic", "antialias"))
                .setReleasedPreprocessing(choice("--preprocess", preprocess, "checkpoint", "released"))
                .setAveragedWeights(ema);
    }

    /** Returns whether the second of two values is given; the first is the default. */
    private static boolean choice(String option, @Nullable String value, String usual, String other) {
        String given = value == null ? usual : value.toLowerCase(Locale.ROOT);
        if (!List.of(usual, other).contains(given)) {
            throw new IllegalArgumentException(option + " must be " + usual + " or " + other + ", got '" + given + "'");
        }
        return given.equals(other);
    }
}
