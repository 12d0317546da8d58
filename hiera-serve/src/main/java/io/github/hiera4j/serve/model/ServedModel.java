package io.github.hiera4j.serve.model;

import io.github.hiera4j.api.HieraBackbone;
import io.github.hiera4j.api.HieraClassifier;
import io.github.hiera4j.api.segment.HieraSegmenter;
import io.github.hiera4j.detect.HieraDetector;
import io.github.hiera4j.detect.checkpoint.DetectorCheckpoint;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.mae.MaeTarget;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.sam.checkpoint.Sam2Checkpoint;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.serve.request.Ticket;
import io.github.hiera4j.serve.schedule.Arrivals;
import io.github.hiera4j.serve.schedule.BatchListener;
import io.github.hiera4j.serve.schedule.BatchQueue;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One loaded model. It is used through leases; once it is retired, it is freed when the last lease ends. Thread-safe.
 */
public final class ServedModel {
    private final String name;
    private final Path source;
    private final Encoder encoder;
    private final @Nullable HieraSegmenter segmenter;
    private final @Nullable HieraDetector detector;

    private int users;
    private boolean retired;

    /** The parts of a model of the Hiera family; empty for other models. */
    private record Encoder(
            @Nullable HieraClassifier classifier,
            @Nullable HieraBackbone backbone,
            @Nullable BatchQueue queue,
            @Nullable InsideView inside) {
        static final Encoder NONE = new Encoder(null, null, null, null);
    }

    private ServedModel(
            String name,
            Path source,
            Encoder encoder,
            @Nullable HieraSegmenter segmenter,
            @Nullable HieraDetector detector) {
        this.name = name;
        this.source = source;
        this.encoder = encoder;
        this.segmenter = segmenter;
        this.detector = detector;
    }

    /** Loads the model in a file: a SAM 2 model, a detector, a classifier, an autoencoder, or an encoder without a head. */
    static ServedModel load(ModelFile file, ServeSettings settings, BatchListener listener, Arrivals arrivals) {
        if (Sam2Checkpoint.isSam2(file.path())) {
            HieraSegmenter segmenter = HieraSegmenter.load(file.path(), settings.segmenter());
            return new ServedModel(file.name(), file.path(), Encoder.NONE, segmenter, null);
        }
        if (DetectorCheckpoint.isDetector(file.path())) {
            HieraDetector detector = HieraDetector.load(file.path(), settings.detector());
            return new ServedModel(file.name(), file.path(), Encoder.NONE, null, detector);
        }
        return loadEncoder(file, settings, listener, arrivals);
    }

    private static ServedModel loadEncoder(
            ModelFile file, ServeSettings settings, BatchListener listener, Arrivals arrivals) {
        boolean classifies;
        boolean reconstructs;
        Path source;
        try (Checkpoint checkpoint = Checkpoint.open(file.path())) {
            classifies = !checkpoint.config().isAutoencoder()
                    && checkpoint.config().encoder().numClasses() > 0;
            reconstructs = checkpoint.config() instanceof MaeConfig mae && mae.target() == MaeTarget.NORMALISED_PIXELS;
            source = checkpoint.path();
        }
        HieraClassifier classifier = classifies ? HieraClassifier.load(file.path(), settings.load()) : null;
        HieraBackbone backbone =
                classifier == null ? HieraBackbone.load(file.path(), settings.load()) : classifier.backbone();
        try {
            // The first run is slow because it compiles: no request should wait for it.
            Shape one = viewShape(backbone.config());
            backbone.run(
                    HostTensor.allocate(DType.FLOAT32, one),
                    List.of(classifies ? Hiera.PROBABILITIES : Hiera.stage(1)));
            BatchQueue queue = new BatchQueue(
                    "hiera-serve-batches-" + file.name(),
                    backbone::run,
                    one,
                    settings.largestBatch(),
                    settings.delay(),
                    listener,
                    arrivals);
            boolean int8 = settings.load().compile().dtype() == DType.INT8; // only encoders are quantised
            InsideView inside = new InsideView(
                    file.path(), int8 ? settings.load().withDtype(DType.FLOAT32) : settings.load(), reconstructs);
            return new ServedModel(file.name(), source, new Encoder(classifier, backbone, queue, inside), null, null);
        } catch (RuntimeException | Error failure) {
            backbone.close();
            throw failure;
        }
    }

    private static Shape viewShape(HieraConfig config) {
        List<Integer> size = config.inputSize();
        return config.isVideo()
                ? Shape.of(1, config.inChans(), size.get(0), size.get(1), size.get(2))
                : Shape.of(1, config.inChans(), size.get(0), size.get(1));
    }

    /** {@return its name in paths} */
    public String name() {
        return name;
    }

    /** Notes for the user about how it was loaded, one line each. */
    List<String> notes() {
        HieraBackbone backbone = encoder.backbone();
        return backbone == null ? List.of() : backbone.notes();
    }

    /** The location of the weights. */
    Path source() {
        return source;
    }

    /** {@return the tasks that it supports} */
    public Set<Task> tasks() {
        Set<Task> tasks = EnumSet.noneOf(Task.class);
        if (encoder.classifier() != null) {
            tasks.add(Task.CLASSIFY);
        }
        HieraBackbone backbone = encoder.backbone();
        if (backbone != null) {
            tasks.add(Task.FEATURES);
            tasks.add(Task.ATTENTION);
            tasks.add(Task.EMBED);
        }
        if (inside().filter(InsideView::reconstructs).isPresent()) {
            tasks.add(Task.RECONSTRUCT);
        }
        if (segmenter != null) {
            tasks.add(Task.SEGMENT);
        }
        if (detector != null) {
            tasks.add(Task.DETECT);
        }
        return tasks;
    }

    /** {@return whether it is a video model} */
    public boolean isVideo() {
        return backbone().filter(backbone -> backbone.config().isVideo()).isPresent();
    }

    /** {@return the model as a classifier, if it has a head} */
    public Optional<HieraClassifier> classifier() {
        return Optional.ofNullable(encoder.classifier());
    }

    /** {@return the model as an encoder, if it has one} */
    public Optional<HieraBackbone> backbone() {
        return Optional.ofNullable(encoder.backbone());
    }

    /** {@return the access to the inside of the encoder, if it has one} */
    public Optional<InsideView> inside() {
        return Optional.ofNullable(encoder.inside());
    }

    /** {@return the model as a segmenter, if it is one} */
    public Optional<HieraSegmenter> segmenter() {
        return Optional.ofNullable(segmenter);
    }

    /** {@return the model as a detector, if it is one} */
    public Optional<HieraDetector> detector() {
        return Optional.ofNullable(detector);
    }

    /** {@return the engine that runs it} */
    public String backend() {
        return backbone()
                .map(HieraBackbone::backend)
                .or(() -> segmenter().map(HieraSegmenter::backend))
                .or(() -> detector().map(HieraDetector::backend))
                .orElseThrow();
    }

    /**
     * Submits a prepared view {@code [1, 3, (T,) H, W]} to be computed in a batch: see {@link BatchQueue#submit}.
     *
     * @param ticket the request's deadline and connection
     * @param view float32 {@code [1, 3, (T,) H, W]}, normalised; copied
     * @param outputs names of the requested outputs
     * @return a future of the outputs, in the order of the names
     */
    public CompletableFuture<List<HostTensor>> submit(Ticket ticket, HostTensor view, List<String> outputs) {
        BatchQueue queue = encoder.queue();
        if (queue == null) {
            throw new IllegalStateException(name + " has no batches");
        }
        return queue.submit(ticket, view, outputs);
    }

    /**
     * Returns the number of views that wait for a batch.
     *
     * @return their number
     */
    public int waiting() {
        BatchQueue queue = encoder.queue();
        return queue == null ? 0 : queue.waiting();
    }

    /** {@return the bytes of native memory that it holds; 0 once it is freed} */
    public synchronized long nativeBytes() {
        if (retired && users == 0) {
            return 0;
        }
        return backbone().map(HieraBackbone::nativeBytes).orElse(0L)
                + inside().map(InsideView::nativeBytes).orElse(0L)
                + segmenter().map(HieraSegmenter::nativeBytes).orElse(0L)
                + detector().map(HieraDetector::nativeBytes).orElse(0L);
    }

    /** Registers a user; returns false if the model is retired. */
    synchronized boolean enter() {
        if (retired) {
            return false;
        }
        users++;
        return true;
    }

    void leave() {
        boolean last;
        synchronized (this) {
            users--;
            last = retired && users == 0;
        }
        if (last) {
            free();
        }
    }

    /** Accepts no new users, and frees the model once nobody uses it. */
    void retire() {
        boolean last;
        synchronized (this) {
            if (retired) {
                return;
            }
            retired = true;
            last = users == 0;
        }
        if (last) {
            free();
        }
    }

    private void free() {
        Thread closing = new Thread(this::close, "hiera-serve-close"); // never on the thread that runs its batches
        closing.start();
    }

    private void close() {
        BatchQueue queue = encoder.queue();
        if (queue != null) {
            queue.close();
        }
        inside().ifPresent(InsideView::close);
        backbone().ifPresent(HieraBackbone::close); // the classifier is closed with it
        segmenter().ifPresent(HieraSegmenter::close);
        detector().ifPresent(HieraDetector::close);
    }
}
