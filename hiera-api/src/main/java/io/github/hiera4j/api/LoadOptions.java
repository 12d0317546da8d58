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
 * Options for loading a checkpoint. Immutable.
 *
 * <pre>{@code
 * LoadOptions options = LoadOptions.builder().dtype(DType.BFLOAT16).threads(4).build();
 * }</pre>
 */
public final class LoadOptions {
    /** The preferred backend in float32 on the CPU, the checkpoint's own class names and preprocessing. */
    public static final LoadOptions DEFAULT = builder().build();

    private final LoadOptionsBuilder set; // a private copy, never changed

    LoadOptions(LoadOptionsBuilder builder) {
        set = builder;
    }

    /**
     * Creates a builder that starts from {@link #DEFAULT}.
     *
     * @return a new builder
     */
    public static LoadOptionsBuilder builder() {
        return new LoadOptionsBuilder();
    }

    /**
     * Creates a builder that starts from these options.
     *
     * @return a new builder
     */
    public LoadOptionsBuilder toBuilder() {
        return set.copy();
    }

    /** {@return the name of the backend; if empty, {@link #backend} is used, otherwise the preferred one of this machine} */
    public Optional<String> backendName() {
        return Optional.ofNullable(set.backendName);
    }

    /** {@return the caller's backend, if any} */
    public Optional<Backend> backend() {
        return Optional.ofNullable(set.backend);
    }

    /** {@return precision, device and threads} */
    public CompileOptions compile() {
        return set.compile;
    }

    /**
     * {@return the error that the fastest element type may have; empty if {@link #compile} determines the type} See
     * {@link LoadOptionsBuilder#fastestType}.
     */
    public OptionalDouble fastestType() {
        return set.fastestType;
    }

    /** {@return a file of class names; if empty, the names are {@link #labels}, those of the checkpoint, or the built-in ones} */
    public Optional<Path> labelFile() {
        return Optional.ofNullable(set.labelFile);
    }

    /** {@return the caller's class names, if any} */
    public Optional<ClassLabels> labels() {
        return Optional.ofNullable(set.labels);
    }

    /**
     * {@return whether images and clips are prepared according to the checkpoint's own configuration, if it has one (checkpoints of timm and
     * of models trained by this project do); false: always as for the released models}
     */
    public boolean ownPreprocessing() {
        return set.ownPreprocessing;
    }

    /** {@return the caller's preprocessing of images, if any} */
    public Optional<ImagePreprocess> imagePreprocess() {
        return Optional.ofNullable(set.images);
    }

    /** {@return the caller's preprocessing of clips, if any} */
    public Optional<VideoPreprocess> videoPreprocess() {
        return Optional.ofNullable(set.videos);
    }

    /** {@return the maximum number of concurrent runs of the model; further callers wait} 0: no limit except the backend's own. */
    public int concurrentRuns() {
        return set.concurrentRuns;
    }

    /** {@return the size at which the model sees images and clips} */
    public InputSize size() {
        return set.size;
    }

    /**
     * Returns these options with another input size.
     *
     * @param other the size
     * @return a changed copy
     */
    public LoadOptions withSize(InputSize other) {
        return toBuilder().size(other).build();
    }

    /**
     * Returns whether to load the averaged weights of a checkpoint (an exponential moving average, a teacher), which it must have; false:
     * the raw weights, or the averaged ones if the checkpoint has no others.
     *
     * @return whether to load the averaged weights
     */
    public boolean averagedWeights() {
        return set.averagedWeights;
    }

    /** {@return these options with the averaged weights of a checkpoint, which it must have} */
    public LoadOptions withAveragedWeights() {
        return toBuilder().averagedWeights().build();
    }

    /**
     * Returns these options with a backend chosen by name.
     *
     * @param name the name of the backend
     * @return a changed copy
     */
    public LoadOptions withBackend(String name) {
        return toBuilder().backend(name).build();
    }

    /**
     * Returns these options with another element type.
     *
     * @param dtype the element type
     * @return a changed copy
     */
    public LoadOptions withDtype(DType dtype) {
        return toBuilder().dtype(dtype).build();
    }

    /**
     * Returns these options with another device.
     *
     * @param device {@code cpu}, {@code cuda} or {@code cuda:N}
     * @return a changed copy
     */
    public LoadOptions withDevice(String device) {
        return toBuilder().device(device).build();
    }

    /**
     * Returns these options with another number of threads.
     *
     * @param threads threads per run; 0 leaves the choice to the backend
     * @return a changed copy
     */
    public LoadOptions withThreads(int threads) {
        return toBuilder().threads(threads).build();
    }

    /**
     * Returns these options with class names from a file.
     *
     * @param file the text file of the names
     * @return a changed copy
     */
    public LoadOptions withLabels(Path file) {
        return toBuilder().labels(file).build();
    }

    /**
     * Returns these options with the preprocessing of the released models, regardless of the checkpoint's configuration.
     *
     * @return a changed copy
     */
    public LoadOptions withReleasedPreprocessing() {
        return toBuilder().releasedPreprocessing().build();
    }
}
