package io.github.hiera4j.train.evaluate;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.Backends;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.quantize.Int8Weights;
import io.github.hiera4j.model.quantize.QuantizationSettings;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.weights.FiniteWeights;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.torch.TorchBackend;
import io.github.hiera4j.train.data.Batch;
import io.github.hiera4j.train.data.BatchLoader;
import io.github.hiera4j.train.data.SampleSource;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.recipe.DataSettings;
import java.util.Map;
import java.util.Objects;

/** Runs a frozen model on every view of every sample: several clips and crops of a video, the centre of a picture. */
public final class ViewPass implements AutoCloseable {
    private final HieraConfig config;
    private final DataSettings data;
    private final Progress progress;
    private final String output;
    private final Session session;

    /** Receives the model's output for each view. */
    @FunctionalInterface
    public interface Receiver {
        /**
         * Accepts one output.
         *
         * @param sample index in its source
         * @param label its class; negative if it has none
         * @param view the graph's output for it
         */
        void accept(int sample, int label, float[] view);
    }

    /**
     * Compiles a graph for libtorch, the engine that also trains, so that the figures equal those of a run. int8 uses the engine that
     * supports it.
     *
     * @param checkpoint an open checkpoint
     * @param graph a graph with one output, {@code [B, N]}
     * @param data pixels, clips and batch size
     * @param options device, precision and threads
     * @param progress receives figures and notes
     */
    public ViewPass(Checkpoint checkpoint, Graph graph, DataSettings data, CompileOptions options, Progress progress) {
        this.config = checkpoint.config().encoder();
        this.data = data;
        this.progress = progress;
        check(
                config.axes() >= 2 && config.inChans() == 3,
                "%s: expected a model of RGB pictures or videos, got one with input_size %s and %d channels",
                checkpoint.path(),
                config.inputSize(),
                config.inChans());
        output = graph.outputs().keySet().iterator().next();
        session = open(checkpoint, graph, options);
    }

    private Session open(Checkpoint checkpoint, Graph graph, CompileOptions options) {
        WeightSource weights = new FiniteWeights(checkpoint.weights());
        if (options.dtype() != DType.INT8) {
            return new TorchBackend().compile(graph, weights, options);
        }
        checkpoint.requireHiera("int8");
        Backend engine = Backends.preferred(options);
        Int8Weights int8 =
                Int8Weights.of(config.inferenceGraph(), config, weights, engine, options, QuantizationSettings.DEFAULT);
        int8.calibrated().ifPresent(result -> result.requireWithin(QuantizationSettings.DEFAULT));
        progress.note(int8.description());
        return engine.compile(graph, int8.weights(), options);
    }

    /**
     * Runs the model on all samples. A file that cannot be read is reported and replaced by another one.
     *
     * @param source the samples
     * @param what title of the progress
     * @param receiver receives each output
     */
    public void run(SampleSource source, String what, Receiver receiver) {
        int[] order = BatchPlans.viewOrder(data, config, source.size());
        long done = 0;
        try (BatchLoader loader = new BatchLoader(data.workers());
                BatchLoader.Batches batches = loader.epoch(BatchPlans.test(data, config, source), order, 0, 0, 0)) {
            while (batches.hasNext()) {
                Batch batch = batches.next();
                HostTensor results = Objects.requireNonNull(
                        session.run(Map.of(HieraEncoder.INPUT, batch.pixels())).get(output));
                for (int i = 0; i < batch.size(); i++) {
                    receiver.accept(
                            batch.indices()[i],
                            batch.labels()[i],
                            results.slice(i).toFloats());
                }
                done += batch.size();
                progress.views(what, done, order.length);
            }
            if (loader.damaged().count() > 0) {
                progress.note(loader.damaged().count() + " damaged files were left out: " + loader.damaged());
            }
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
