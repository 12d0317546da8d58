package io.github.hiera4j.api;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.media.preprocess.ImagePreprocess;
import io.github.hiera4j.media.preprocess.VideoPreprocess;
import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.tensor.DType;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * How a checkpoint is loaded. Immutable.
 *
 * <pre>{@code
 * LoadOptions options = LoadOptions.builder().dtype(DType.BFLOAT16).threads(4).build();
 * }</pre>
 */
public final class LoadOptions {
    /** The preferred backend in float32 on the CPU, the checkpoint's own class names and preprocessing. */
    public static final LoadOptions DEFAULT = builder().build();

    private final @Nullable String backendName;
    private final @Nullable Backend backend;
    private final CompileOptions compile;
    private final @Nullable Path labelFile;
    private final @Nullable ClassLabels labels;
    private final boolean ownPreprocessing;
    private final @Nullable ImagePreprocess images;
    private final @Nullable VideoPreprocess videos;
    private final int concurrentRuns;
    private final InputSize size;
    private final boolean averagedWeights;

    private final OptionalDouble fastestType;

    private LoadOptions(Builder builder) {
        fastestType = builder.fastestType;
        backendName = builder.backendName;
        backend = builder.backend;
        compile = builder.compile;
        labelFile = builder.labelFile;
        labels = builder.labels;
        ownPreprocessing = builder.ownPreprocessing;
        images = builder.images;
        videos = builder.videos;
        concurrentRuns = builder.concurrentRuns;
        size = builder.size;
        averagedWeights = builder.averagedWeights;
    }

    /**
     * Begins with {@link #DEFAULT}.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Begins with these options.
     *
     * @return a new builder
     */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.fastestType = fastestType;
        builder.backendName = backendName;
        builder.backend = backend;
        builder.compile = compile;
        builder.labelFile = labelFile;
        builder.labels = labels;
        builder.ownPreprocessing = ownPreprocessing;
        builder.images = images;
        builder.videos = videos;
        builder.concurrentRuns = concurrentRuns;
        builder.size = size;
        builder.averagedWeights = averagedWeights;
        return builder;
    }

    /** {@return the name of the backend; empty: {@link #backend}, else the preferred one that works here} */
    public Optional<String> backendName() {
        return Optional.ofNullable(backendName);
    }

    /** {@return the backend itself, where the caller supplies one} */
    public Optional<Backend> backend() {
        return Optional.ofNullable(backend);
    }

    /** {@return precision, device and threads} */
    public CompileOptions compile() {
        return compile;
    }

    /**
     * {@return the error that the fastest element type may have; empty where {@link #compile} names the type} See
     * {@link Builder#fastestType}.
     */
    public OptionalDouble fastestType() {
        return fastestType;
    }

    /** {@return a file of class names; empty: {@link #labels}, else the checkpoint's own, else the built-in ones by class count} */
    public Optional<Path> labelFile() {
        return Optional.ofNullable(labelFile);
    }

    /** {@return the class names, where the caller supplies them} */
    public Optional<ClassLabels> labels() {
        return Optional.ofNullable(labels);
    }

    /**
     * {@return whether images and clips are prepared as a checkpoint's own configuration says, where it has one (timm's and those of models
     * trained here do); false: always as the released models were trained}
     */
    public boolean ownPreprocessing() {
        return ownPreprocessing;
    }

    /** {@return how images are prepared, where the caller says so} */
    public Optional<ImagePreprocess> imagePreprocess() {
        return Optional.ofNullable(images);
    }

    /** {@return how clips are prepared, where the caller says so} */
    public Optional<VideoPreprocess> videoPreprocess() {
        return Optional.ofNullable(videos);
    }

    /** {@return how many runs of the model may be under way at once; further callers wait} 0: no limit but the backend's own. */
    public int concurrentRuns() {
        return concurrentRuns;
    }

    /** {@return the size at which the model sees images and clips} */
    public InputSize size() {
        return size;
    }

    /**
     * These options with the model at another size than it was trained at.
     *
     * @param other the size
     * @return the options
     */
    public LoadOptions withSize(InputSize other) {
        return toBuilder().size(other).build();
    }

    /**
     * Whether the averaged weights of a checkpoint are taken (an exponential moving average, a teacher), which it must have; false:
     * the raw ones, or the averaged ones of a checkpoint that has no others.
     *
     * @return whether they are taken
     */
    public boolean averagedWeights() {
        return averagedWeights;
    }

    /** {@return these options, but the averaged weights of a checkpoint are taken, which it must have} */
    public LoadOptions withAveragedWeights() {
        return toBuilder().averagedWeights().build();
    }

    /**
     * These options with a backend chosen by name.
     *
     * @param name the name of the backend
     * @return the options
     */
    public LoadOptions withBackend(String name) {
        return toBuilder().backend(name).build();
    }

    /**
     * These options with another element type.
     *
     * @param dtype the element type
     * @return the options
     */
    public LoadOptions withDtype(DType dtype) {
        return toBuilder().dtype(dtype).build();
    }

    /**
     * These options with another device.
     *
     * @param device {@code cpu}, {@code cuda} or {@code cuda:N}
     * @return the options
     */
    public LoadOptions withDevice(String device) {
        return toBuilder().device(device).build();
    }

    /**
     * These options with another number of threads.
     *
     * @param threads threads of one run; 0 leaves the choice to the backend
     * @return the options
     */
    public LoadOptions withThreads(int threads) {
        return toBuilder().threads(threads).build();
    }

    /**
     * These options with class names from a file.
     *
     * @param file the text file of the names
     * @return the options
     */
    public LoadOptions withLabels(Path file) {
        return toBuilder().labels(file).build();
    }

    /**
     * These options, but images are prepared as the released models were trained, whatever the checkpoint says.
     *
     * @return the options
     */
    public LoadOptions withReleasedPreprocessing() {
        return toBuilder().releasedPreprocessing().build();
    }

    /** Collects options; every method returns this builder. */
    public static final class Builder {
        private @Nullable String backendName;
        private @Nullable Backend backend;
        private CompileOptions compile = CompileOptions.DEFAULT;
        private @Nullable Path labelFile;
        private @Nullable ClassLabels labels;
        private boolean ownPreprocessing = true;
        private @Nullable ImagePreprocess images;
        private @Nullable VideoPreprocess videos;
        private int concurrentRuns;
        private InputSize size = InputSize.OWN;
        private boolean averagedWeights;
        private OptionalDouble fastestType = OptionalDouble.empty();

        private Builder() {}

        /**
         * Leaves the element type to the engine: the fastest on this processor whose scores (embedding, without a head) differ from
         * float32 by no more than the given error. Where int8 is the fastest, loading a model that is not quantised takes some
         * seconds, in which it is calibrated and its error measured; bfloat16 is taken where it is computed in hardware.
         *
         * @param error relative L2, above 0 and at most 1
         * @return this builder
         * @throws io.github.hiera4j.model.HieraException if it is outside this range
         */
        public Builder fastestType(double error) {
            check(error > 0 && error <= 1, "the error must be above 0 and at most 1, got %s", error);
            fastestType = OptionalDouble.of(error);
            return this;
        }

        /**
         * Takes the averaged weights of a checkpoint, which it must have.
         *
         * @return this builder
         */
        public Builder averagedWeights() {
            averagedWeights = true;
            return this;
        }

        /**
         * Chooses a backend by name: {@code onednn}, {@code torch}, {@code reference}, or any other on the class path.
         *
         * @param name the name of the backend
         * @return this builder
         */
        public Builder backend(String name) {
            backendName = name;
            backend = null;
            return this;
        }

        /**
         * Supplies a backend, on the class path's service list or not.
         *
         * @param own what is used instead of the default
         * @return this builder
         */
        public Builder backend(Backend own) {
            backend = own;
            backendName = null;
            return this;
        }

        /**
         * Sets precision, device and threads together.
         *
         * @param options precision, device and threads
         * @return this builder
         */
        public Builder compile(CompileOptions options) {
            compile = options;
            return this;
        }

        /**
         * Sets the element type of weights and activations; inputs and results are float32 whatever it is.
         *
         * @param dtype the element type
         * @return this builder
         * @throws io.github.hiera4j.model.HieraException unless it is a floating-point type or int8
         */
        public Builder dtype(DType dtype) {
            compile = compile.withDtype(dtype);
            fastestType = OptionalDouble.empty();
            return this;
        }

        /**
         * Sets the device.
         *
         * @param device {@code cpu}, {@code cuda} or {@code cuda:1}
         * @return this builder
         * @throws io.github.hiera4j.model.HieraException if it is none of these
         */
        public Builder device(String device) {
            compile = compile.withDevice(device);
            return this;
        }

        /**
         * Sets the threads of one run.
         *
         * @param threads 1 to 4096; 0 leaves the choice to the backend
         * @return this builder
         * @throws io.github.hiera4j.model.HieraException if the number is outside this range
         */
        public Builder threads(int threads) {
            compile = compile.withThreads(threads);
            return this;
        }

        /**
         * Reads the class names from a text file: see {@link ClassLabels#read}.
         *
         * @param file the text file of the names
         * @return this builder
         */
        public Builder labels(Path file) {
            labelFile = file;
            labels = null;
            return this;
        }

        /**
         * Supplies the class names, one for each class of the model.
         *
         * @param names the names of the classes, by index
         * @return this builder
         */
        public Builder labels(ClassLabels names) {
            labels = names;
            labelFile = null;
            return this;
        }

        /**
         * Prepares images and clips as the released models were trained, whatever the checkpoint says.
         *
         * @return this builder
         */
        public Builder releasedPreprocessing() {
            ownPreprocessing = false;
            return this;
        }

        /**
         * Prepares images, and the frames of videos that an image model sees, in the caller's way; the model's input size.
         *
         * @param own what is used instead of the default
         * @return this builder
         */
        public Builder preprocess(ImagePreprocess own) {
            images = own;
            return this;
        }

        /**
         * Prepares clips in the caller's way; frames have the model's input size.
         *
         * @param own what is used instead of the default
         * @return this builder
         */
        public Builder preprocess(VideoPreprocess own) {
            videos = own;
            return this;
        }

        /**
         * Limits how many runs of the model are under way at once. Each run takes native memory for its activations, so this is
         * what bounds the memory of a service that is called by many threads.
         *
         * @param runs 1 or more; 0 for no limit but the backend's own
         * @return this builder
         * @throws io.github.hiera4j.model.HieraException if it is negative
         */
        public Builder concurrentRuns(int runs) {
            check(runs >= 0, "concurrentRuns must be 0 (no limit) or more, got %d", runs);
            concurrentRuns = runs;
            return this;
        }

        /**
         * Runs the model at another size than it was trained at.
         *
         * @param other the size
         * @return this builder
         */
        public Builder size(InputSize other) {
            size = other;
            return this;
        }

        /** {@return the options} */
        public LoadOptions build() {
            return new LoadOptions(this);
        }
    }
}
