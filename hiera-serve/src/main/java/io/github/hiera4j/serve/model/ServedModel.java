package io.github.hiera4j.serve.model;

import io.github.hiera4j.api.HieraBackbone;
import io.github.hiera4j.api.HieraClassifier;
import io.github.hiera4j.api.segment.HieraSegmenter;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.sam.checkpoint.Sam2Checkpoint;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.serve.request.Ticket;
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
 * One loaded model. It is used through leases; once it is retired, the last lease that ends frees it. Thread-safe.
 */
public final class ServedModel {
    private final String name;
    private final Path source;
    private final @Nullable HieraClassifier classifier;
    private final @Nullable HieraBackbone backbone;
    private final @Nullable HieraSegmenter segmenter;
    private final @Nullable BatchQueue queue;

    private int users;
    private boolean retired;

    private ServedModel(
            String name,
            Path source,
            @Nullable HieraClassifier classifier,
            @Nullable HieraBackbone backbone,
            @Nullable HieraSegmenter segmenter,
            @Nullable BatchQueue queue) {
        this.name = name;
        this.source = source;
        this.classifier = classifier;
        this.backbone = backbone;
        this.segmenter = segmenter;
        this.queue = queue;
    }

    /** Loads what a file holds: a SAM 2 model, a classifier, or an encoder without a head. */
    static ServedModel load(ModelFile file, ServeSettings settings, BatchListener listener) {
        if (Sam2Checkpoint.isSam2(file.path())) {
            HieraSegmenter segmenter = HieraSegmenter.load(file.path(), settings.segmenter());
            return new ServedModel(file.name(), file.path(), null, null, segmenter, null);
        }
        boolean classifies;
        Path source;
        try (Checkpoint checkpoint = Checkpoint.open(file.path())) {
            classifies = checkpoint.config() instanceof HieraConfig config && config.numClasses() > 0;
            source = checkpoint.path();
        }
        HieraClassifier classifier = classifies ? HieraClassifier.load(file.path(), settings.load()) : null;
        HieraBackbone backbone =
                classifier == null ? HieraBackbone.load(file.path(), settings.load()) : classifier.backbone();
        try {
            // The first run is slow: it compiles. Nobody shall wait for it.
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
                    listener);
            return new ServedModel(file.name(), source, classifier, backbone, null, queue);
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

    /** {@return its name in addresses} */
    public String name() {
        return name;
    }

    /** Where the weights lie. */
    Path source() {
        return source;
    }

    /** {@return what it can be asked} */
    public Set<Task> tasks() {
        Set<Task> tasks = EnumSet.noneOf(Task.class);
        if (classifier != null) {
            tasks.add(Task.CLASSIFY);
        }
        if (backbone != null) {
            tasks.add(Task.FEATURES);
            tasks.add(Task.EMBED);
        }
        if (segmenter != null) {
            tasks.add(Task.SEGMENT);
        }
        return tasks;
    }

    /** {@return whether it is made for clips} */
    public boolean isVideo() {
        return backbone != null && backbone.config().isVideo();
    }

    /** {@return the model as a classifier, if it has a head} */
    public Optional<HieraClassifier> classifier() {
        return Optional.ofNullable(classifier);
    }

    /** {@return the model as an encoder, if it has one} */
    public Optional<HieraBackbone> backbone() {
        return Optional.ofNullable(backbone);
    }

    /** {@return the model as a segmenter, if it is one} */
    public Optional<HieraSegmenter> segmenter() {
        return Optional.ofNullable(segmenter);
    }

    /** {@return the engine that runs it} */
    public String backend() {
        return backbone == null ? segmenter().orElseThrow().backend() : backbone.backend();
    }

    /**
     * Has a prepared view {@code [1, 3, (T,) H, W]} computed in a batch: see {@link BatchQueue#submit}.
     *
     * @param ticket the request's deadline and connection
     * @param view float32 {@code [1, 3, (T,) H, W]}, normalised; copied
     * @param outputs names of the outputs that are wanted
     * @return the outputs to come, in the order of their names
     */
    public CompletableFuture<List<HostTensor>> submit(Ticket ticket, HostTensor view, List<String> outputs) {
        if (queue == null) {
            throw new IllegalStateException(name + " has no batches");
        }
        return queue.submit(ticket, view, outputs);
    }

    /**
     * Views that wait for a batch.
     *
     * @return their number
     */
    public int waiting() {
        return queue == null ? 0 : queue.waiting();
    }

    /** {@return bytes of native memory that it holds; 0 once it is freed} */
    public synchronized long nativeBytes() {
        if (retired && users == 0) {
            return 0;
        }
        return backbone == null ? segmenter().orElseThrow().nativeBytes() : backbone.nativeBytes();
    }

    /** Counts a user in; false once the model is retired. */
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

    /** Lets nobody in any more, and frees the model once nobody uses it. */
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
        Thread closing = new Thread(this::close, "hiera-serve-close"); // never on the thread of its own batches
        closing.start();
    }

    private void close() {
        if (queue != null) {
            queue.close();
        }
        if (backbone != null) {
            backbone.close(); // the classifier is closed with it
        }
        if (segmenter != null) {
            segmenter.close();
        }
    }
}
