package io.github.hiera4j.detect;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.EngineChoice;
import io.github.hiera4j.model.backend.SizedNetworks;
import io.github.hiera4j.model.tensor.DType;
import java.util.Optional;

/** Options for loading a detector: backend, precision, score threshold, and how many input sizes to keep. */
public final class DetectorOptions {
    /** The preferred backend in float32, the score threshold of the checkpoint. */
    public static final DetectorOptions DEFAULT =
            new DetectorOptions(EngineChoice.DEFAULT, -1, SizedNetworks.USUALLY_KEPT);

    private final EngineChoice choice;
    private final double threshold;
    private final int keptSizes;

    private DetectorOptions(EngineChoice choice, double threshold, int keptSizes) {
        this.choice = choice;
        this.threshold = threshold;
        this.keptSizes = keptSizes;
    }

    /**
     * {@return these options with a named backend}
     *
     * @param name the name
     */
    public DetectorOptions withBackend(String name) {
        return new DetectorOptions(choice.withBackend(name), threshold, keptSizes);
    }

    /**
     * {@return these options with precision, device and threads}
     *
     * @param options precision, device and threads
     */
    public DetectorOptions withCompile(CompileOptions options) {
        return new DetectorOptions(choice.withCompile(options), threshold, keptSizes);
    }

    /**
     * {@return these options with another element type for trunk and pyramid; the heads always compute in float32}
     *
     * @param dtype the element type
     */
    public DetectorOptions withDtype(DType dtype) {
        return withCompile(compile().withDtype(dtype));
    }

    /**
     * {@return these options with a number of threads; 0 leaves the choice to the backend}
     *
     * @param threads 0 to 4096; 0 leaves the choice to the backend
     */
    public DetectorOptions withThreads(int threads) {
        return withCompile(compile().withThreads(threads));
    }

    /**
     * {@return these options with another score threshold}
     *
     * @param score only detections with a higher score are returned; 0 to 1
     * @throws io.github.hiera4j.model.HieraException if it is out of range
     */
    public DetectorOptions withThreshold(double score) {
        check(score >= 0 && score <= 1, "the threshold must be 0 to 1, got %s", score);
        return new DetectorOptions(choice, score, keptSizes);
    }

    /**
     * {@return these options with another number of input sizes to keep in memory} This matters for detectors that pad each image only
     * as far as needed: each size has a separate copy of the weights, and a size that is not kept is compiled again.
     *
     * @param sizes 1 or more; {@value SizedNetworks#USUALLY_KEPT} by default
     * @throws io.github.hiera4j.model.HieraException if it is below 1
     */
    public DetectorOptions withKeptSizes(int sizes) {
        check(sizes >= 1, "the number of input sizes to keep must be 1 or more, got %d", sizes);
        return new DetectorOptions(choice, threshold, sizes);
    }

    int keptSizes() {
        return keptSizes;
    }

    CompileOptions compile() {
        return choice.compile();
    }

    Optional<Double> threshold() {
        return threshold < 0 ? Optional.empty() : Optional.of(threshold);
    }

    Backend engine() {
        return choice.engine();
    }
}
