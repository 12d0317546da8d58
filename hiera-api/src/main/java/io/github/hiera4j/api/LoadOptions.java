package io.github.hiera4j.api;

import io.github.hiera4j.media.preprocess.ImagePreprocess;
import io.github.hiera4j.media.preprocess.VideoPreprocess;
import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.tensor.DType;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;

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

    private final LoadOptionsBuilder set; // a copy of its own, never changed

    LoadOptions(LoadOptionsBuilder builder) {
        set = builder;
    }

    /**
     * Begins with {@link #DEFAULT}.
     *
     * @return a new builder
     */
    public static LoadOptionsBuilder builder() {
        return new LoadOptionsBuilder();
    }

    /**
     * Begins with these options.
     *
     * @return a new builder
     */
    public LoadOptionsBuilder toBuilder() {
        return set.copy();
    }

    /** {@return the name of the backend; empty: {@link #backend}, else the preferred one that works here} */
    public Optional<String> backendName() {
        return Optional.ofNullable(set.backendName);
    }

    /** {@return the backend itself, where the caller supplies one} */
    public Optional<Backend> backend() {
        return Optional.ofNullable(set.backend);
    }

    /** {@return precision, device and threads} */
    public CompileOptions compile() {
        return set.compile;
    }

    /**
     * {@return the error that the fastest element type may have; empty where {@link #compile} names the type} See
     * {@link LoadOptionsBuilder#fastestType}.
     */
    public OptionalDouble fastestType() {
        return set.fastestType;
    }

    /** {@return a file of class names; empty: {@link #labels}, else the checkpoint's own, else the built-in ones by class count} */
    public Optional<Path> labelFile() {
        return Optional.ofNullable(set.labelFile);
    }

    /** {@return the class names, where the caller supplies them} */
    public Optional<ClassLabels> labels() {
        return Optional.ofNullable(set.labels);
    }

    /**
     * {@return whether images and clips are prepared as a checkpoint's own configuration says, where it has one (timm's and those of models
     * trained here do); false: always as the released models were trained}
     */
    public boolean ownPreprocessing() {
        return set.ownPreprocessing;
    }

    /** {@return how images are prepared, where the caller says so} */
    public Optional<ImagePreprocess> imagePreprocess() {
        return Optional.ofNullable(set.images);
    }

    /** {@return how clips are prepared, where the caller says so} */
    public Optional<VideoPreprocess> videoPreprocess() {
        return Optional.ofNullable(set.videos);
    }

    /** {@return how many runs of the model may be under way at once; further callers wait} 0: no limit but the backend's own. */
    public int concurrentRuns() {
        return set.concurrentRuns;
    }

    /** {@return the size at which the model sees images and clips} */
    public InputSize size() {
        return set.size;
    }

    /**
     * These options with the model at another size than it was trained at.
     *
     * @param other the size
     * @return a changed copy
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
        return set.averagedWeights;
    }

    /** {@return these options, but the averaged weights of a checkpoint are taken, which it must have} */
    public LoadOptions withAveragedWeights() {
        return toBuilder().averagedWeights().build();
    }

    /**
     * These options with a backend chosen by name.
     *
     * @param name the name of the backend
     * @return a changed copy
     */
    public LoadOptions withBackend(String name) {
        return toBuilder().backend(name).build();
    }

    /**
     * These options with another element type.
     *
     * @param dtype the element type
     * @return a changed copy
     */
    public LoadOptions withDtype(DType dtype) {
        return toBuilder().dtype(dtype).build();
    }

    /**
     * These options with another device.
     *
     * @param device {@code cpu}, {@code cuda} or {@code cuda:N}
     * @return a changed copy
     */
    public LoadOptions withDevice(String device) {
        return toBuilder().device(device).build();
    }

    /**
     * These options with another number of threads.
     *
     * @param threads threads of one run; 0 leaves the choice to the backend
     * @return a changed copy
     */
    public LoadOptions withThreads(int threads) {
        return toBuilder().threads(threads).build();
    }

    /**
     * These options with class names from a file.
     *
     * @param file the text file of the names
     * @return a changed copy
     */
    public LoadOptions withLabels(Path file) {
        return toBuilder().labels(file).build();
    }

    /**
     * These options, but images are prepared as the released models were trained, whatever the checkpoint says.
     *
     * @return a changed copy
     */
    public LoadOptions withReleasedPreprocessing() {
        return toBuilder().releasedPreprocessing().build();
    }
}
