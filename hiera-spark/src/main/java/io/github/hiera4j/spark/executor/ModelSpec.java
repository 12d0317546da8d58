package io.github.hiera4j.spark.executor;

import static io.github.hiera4j.model.Check.check;
import static io.github.hiera4j.model.Check.checkSupported;

import io.github.hiera4j.api.ClassLabels;
import io.github.hiera4j.api.HieraBackbone;
import io.github.hiera4j.api.HieraClassifier;
import io.github.hiera4j.api.LoadOptionsBuilder;
import io.github.hiera4j.api.segment.HieraSegmenter;
import io.github.hiera4j.api.segment.SegmenterOptions;
import io.github.hiera4j.detect.DetectorOptions;
import io.github.hiera4j.detect.HieraDetector;
import io.github.hiera4j.detect.checkpoint.DetectorCheckpoint;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.checkpoint.ModelPurpose;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.sam.checkpoint.Sam2Checkpoint;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;

/**
 * A model with its loading settings. Tasks of one executor with equal specifications share one model.
 *
 * @param kind the kind of model
 * @param weights the checkpoint, found with {@link HadoopFiles#local}
 * @param engine the engine
 * @param encoder settings for loading an encoder
 * @param labels the names of a classifier's classes; empty for other models
 * @param threshold the score that a detector's results exceed
 */
public record ModelSpec(
        Kind kind,
        String weights,
        EngineSettings engine,
        EncoderSettings encoder,
        List<String> labels,
        double threshold)
        implements Serializable {
    /** The kind of a model. */
    public enum Kind {
        /** Embeddings and feature maps. */
        ENCODER,
        /** Classes. */
        CLASSIFIER,
        /** Objects. */
        DETECTOR,
        /** Masks. */
        SEGMENTER
    }

    /**
     * Copies the class names.
     *
     * @param kind the kind of model
     * @param weights the checkpoint
     * @param engine the engine
     * @param encoder settings for loading an encoder
     * @param labels the names of a classifier's classes
     * @param threshold the score that a detector's results exceed
     */
    public ModelSpec {
        labels = List.copyOf(labels);
    }

    /**
     * Returns the specification of an encoder.
     *
     * @param weights the checkpoint
     * @param engine the engine
     * @param encoder settings for loading it
     * @return the specification
     */
    public static ModelSpec encoder(String weights, EngineSettings engine, EncoderSettings encoder) {
        return new ModelSpec(Kind.ENCODER, weights, engine, encoder, List.of(), 0);
    }

    /**
     * Returns the specification of a classifier.
     *
     * @param weights the checkpoint
     * @param engine the engine
     * @param encoder settings for loading it
     * @return the specification, without names of classes
     */
    public static ModelSpec classifier(String weights, EngineSettings engine, EncoderSettings encoder) {
        return new ModelSpec(Kind.CLASSIFIER, weights, engine, encoder, List.of(), 0);
    }

    /**
     * Returns the specification of a detector.
     *
     * @param weights the checkpoint
     * @param engine the engine
     * @param threshold the score that detections exceed
     * @return the specification
     */
    public static ModelSpec detector(String weights, EngineSettings engine, double threshold) {
        return new ModelSpec(Kind.DETECTOR, weights, engine, EncoderSettings.DEFAULT, List.of(), threshold);
    }

    /**
     * Returns the specification of a SAM 2 model.
     *
     * @param weights the checkpoint
     * @param engine the engine
     * @return the specification
     */
    public static ModelSpec segmenter(String weights, EngineSettings engine) {
        return new ModelSpec(Kind.SEGMENTER, weights, engine, EncoderSettings.DEFAULT, List.of(), 0);
    }

    /**
     * Returns this specification with class names.
     *
     * @param names one per class
     * @return the specification
     */
    public ModelSpec withLabels(List<String> names) {
        return new ModelSpec(kind, weights, engine, encoder, names, threshold);
    }

    /** Loads the model. */
    AutoCloseable load(HadoopFiles files) {
        Path path = files.local(weights);
        return switch (kind) {
            case ENCODER -> HieraBackbone.load(path, loadOptions().build());
            case CLASSIFIER ->
                HieraClassifier.load(
                        path, loadOptions().labels(new ClassLabels(labels)).build());
            case DETECTOR -> {
                DetectorOptions options = DetectorOptions.DEFAULT
                        .withCompile(engine.compileOptions())
                        .withThreshold(threshold);
                yield HieraDetector.load(
                        path, engine.backend().isEmpty() ? options : options.withBackend(engine.backend()));
            }
            case SEGMENTER -> {
                SegmenterOptions options = SegmenterOptions.DEFAULT.withCompile(engine.compileOptions());
                yield HieraSegmenter.load(
                        path, engine.backend().isEmpty() ? options : options.withBackend(engine.backend()));
            }
        };
    }

    private LoadOptionsBuilder loadOptions() {
        LoadOptionsBuilder options = engine.loadOptions();
        encoder.addTo(options);
        return options;
    }

    /**
     * Reads the metadata of an encoder, to find errors before a job starts.
     *
     * @param files finds the files
     * @throws io.github.hiera4j.model.HieraException if the checkpoint has no encoder
     */
    public void readEncoder(HadoopFiles files) {
        engine.compileOptions();
        try (Checkpoint checkpoint = Checkpoint.open(files.local(weights), encoder.averagedWeights())) {
            check(checkpoint.config() != null, "%s: contains no model", weights);
        }
    }

    /**
     * Checks the number of a stage.
     *
     * @param files finds the files
     * @param stage 0, or a stage of the model
     * @throws io.github.hiera4j.model.HieraException if the model has no such stage
     */
    public void checkStage(HadoopFiles files, int stage) {
        try (Checkpoint checkpoint = Checkpoint.open(files.local(weights), encoder.averagedWeights())) {
            if (checkpoint.config() instanceof HieraConfig config) {
                int stages = config.stages().size();
                check(stage <= stages, "stage must be 1 to %d, or 0 for all, got %d", stages, stage);
            }
        }
    }

    /**
     * Returns the class names of a classifier.
     *
     * @param files finds the files
     * @param labelFile a file of names; empty: the names of the checkpoint, or those for the number of classes
     * @return one per class
     * @throws io.github.hiera4j.model.HieraException if the checkpoint is not a classifier, or the file does not match
     */
    public List<String> readLabels(HadoopFiles files, String labelFile) {
        engine.compileOptions();
        Path path = files.local(weights);
        ModelPurpose.requireClassifier(path);
        try (Checkpoint checkpoint = Checkpoint.open(path, encoder.averagedWeights())) {
            checkSupported(
                    checkpoint.config() instanceof HieraConfig config && config.numClasses() > 0,
                    "%s: this model has no head, so it cannot classify: compute embeddings or features",
                    weights);
            int classes = ((HieraConfig) checkpoint.config()).numClasses();
            if (!labelFile.isEmpty()) {
                return ClassLabels.read(files.local(labelFile), classes).names();
            }
            List<String> own = checkpoint.classNames();
            return own.isEmpty() ? ClassLabels.forCount(classes).names() : own;
        }
    }

    /**
     * Returns the class names of a detector.
     *
     * @param files finds the files
     * @return one per class
     * @throws io.github.hiera4j.model.HieraException if the checkpoint is not a detector
     */
    public List<String> readDetectorClasses(HadoopFiles files) {
        engine.compileOptions();
        try (DetectorCheckpoint checkpoint = DetectorCheckpoint.open(files.local(weights))) {
            return checkpoint.description().classNames();
        }
    }

    /**
     * Reads the metadata of a SAM 2 model, to find errors before a job starts.
     *
     * @param files finds the files
     * @throws io.github.hiera4j.model.HieraException if the checkpoint is not such a model
     */
    public void readSegmenter(HadoopFiles files) {
        engine.compileOptions();
        try (Sam2Checkpoint checkpoint = Sam2Checkpoint.open(files.local(weights))) {
            checkpoint.report().requireExact();
        }
    }
}
