package io.github.hiera4j.api;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.media.preprocess.ImagePreprocess;
import io.github.hiera4j.media.preprocess.VideoPreprocess;
import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.tensor.DType;
import java.nio.file.Path;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Builder of {@link LoadOptions}; every method returns this builder. */
public final class LoadOptionsBuilder {
    @Nullable
    String backendName;

    @Nullable
    Backend backend;

    CompileOptions compile = CompileOptions.DEFAULT;

    @Nullable
    Path labelFile;

    @Nullable
    ClassLabels labels;

    boolean ownPreprocessing = true;

    @Nullable
    ImagePreprocess images;

    @Nullable
    VideoPreprocess videos;

    int concurrentRuns;
    InputSize size = InputSize.OWN;
    boolean averagedWeights;

    OptionalDouble fastestType = OptionalDouble.empty();

    LoadOptionsBuilder() {}

    /**
     * Leaves the element type to the engine: the fastest on this processor whose scores (or embeddings, without a head) differ from
     * float32 by no more than the given error. Loading takes some seconds longer: the model is calibrated for int8 unless it is
     * quantised, and the time and error of each type are compared with float32, those of bfloat16 only if the hardware computes it.
     *
     * @param error relative L2, above 0 and at most 1
     * @return this builder
     * @throws io.github.hiera4j.model.HieraException if it is out of range
     */
    public LoadOptionsBuilder fastestType(double error) {
        check(error > 0 && error <= 1, "the error must be above 0 and at most 1, got %s", error);
        fastestType = OptionalDouble.of(error);
        return this;
    }

    /**
     * Takes the averaged weights of a checkpoint, which it must have.
     *
     * @return this builder
     */
    public LoadOptionsBuilder averagedWeights() {
        averagedWeights = true;
        return this;
    }

    /**
     * Chooses a backend by name: {@code onednn}, {@code torch}, {@code reference}, or any other on the class path.
     *
     * @param name the name of the backend
     * @return this builder
     */
    public LoadOptionsBuilder backend(String name) {
        backendName = name;
        backend = null;
        return this;
    }

    /**
     * Sets a backend, which need not be registered as a service.
     *
     * @param own the backend to use instead of the default
     * @return this builder
     */
    public LoadOptionsBuilder backend(Backend own) {
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
    public LoadOptionsBuilder compile(CompileOptions options) {
        compile = options;
        return this;
    }

    /**
     * Sets the element type of weights and activations; inputs and results are always float32.
     *
     * @param dtype the element type
     * @return this builder
     * @throws io.github.hiera4j.model.HieraException unless it is a floating-point type or int8
     */
    public LoadOptionsBuilder dtype(DType dtype) {
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
    public LoadOptionsBuilder device(String device) {
        compile = compile.withDevice(device);
        return this;
    }

    /**
     * Sets the number of threads per run.
     *
     * @param threads 1 to 4096; 0 leaves the choice to the backend
     * @return this builder
     * @throws io.github.hiera4j.model.HieraException if the number is out of range
     */
    public LoadOptionsBuilder threads(int threads) {
        compile = compile.withThreads(threads);
        return this;
    }

    /**
     * Reads the class names from a text file: see {@link ClassLabels#read}.
     *
     * @param file the text file of the names
     * @return this builder
     */
    public LoadOptionsBuilder labels(Path file) {
        labelFile = file;
        labels = null;
        return this;
    }

    /**
     * Sets the class names, one for each class of the model.
     *
     * @param names the names of the classes, by index
     * @return this builder
     */
    public LoadOptionsBuilder labels(ClassLabels names) {
        labels = names;
        labelFile = null;
        return this;
    }

    /**
     * Prepares images and clips as for the released models, regardless of the checkpoint's configuration.
     *
     * @return this builder
     */
    public LoadOptionsBuilder releasedPreprocessing() {
        ownPreprocessing = false;
        return this;
    }

    /**
     * Sets the preprocessing of images and of the video frames that an image model sees; it must produce the model's input size.
     *
     * @param own the preprocessing to use instead of the default
     * @return this builder
     */
    public LoadOptionsBuilder preprocess(ImagePreprocess own) {
        images = own;
        return this;
    }

    /**
     * Sets the preprocessing of clips; it must produce the model's input size.
     *
     * @param own the preprocessing to use instead of the default
     * @return this builder
     */
    public LoadOptionsBuilder preprocess(VideoPreprocess own) {
        videos = own;
        return this;
    }

    /**
     * Limits the number of concurrent runs of the model. Each run takes native memory for its activations, so this limit
     * bounds the memory of a service that is called by many threads.
     *
     * @param runs 1 or more; 0 for no limit except the backend's own
     * @return this builder
     * @throws io.github.hiera4j.model.HieraException if it is negative
     */
    public LoadOptionsBuilder concurrentRuns(int runs) {
        check(runs >= 0, "concurrentRuns must be 0 (no limit) or more, got %d", runs);
        concurrentRuns = runs;
        return this;
    }

    /**
     * Runs the model at another input size.
     *
     * @param other the size
     * @return this builder
     */
    public LoadOptionsBuilder size(InputSize other) {
        size = other;
        return this;
    }

    /** {@return the options} */
    public LoadOptions build() {
        return new LoadOptions(copy());
    }

    LoadOptionsBuilder copy() {
        LoadOptionsBuilder copy = new LoadOptionsBuilder();
        copy.backendName = backendName;
        copy.backend = backend;
        copy.compile = compile;
        copy.labelFile = labelFile;
        copy.labels = labels;
        copy.ownPreprocessing = ownPreprocessing;
        copy.images = images;
        copy.videos = videos;
        copy.concurrentRuns = concurrentRuns;
        copy.size = size;
        copy.averagedWeights = averagedWeights;
        copy.fastestType = fastestType;
        return copy;
    }
}
