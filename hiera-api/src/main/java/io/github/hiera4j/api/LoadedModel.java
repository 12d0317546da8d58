package io.github.hiera4j.api;

import static io.github.hiera4j.model.Check.check;
import static io.github.hiera4j.model.Check.checkSupported;

import io.github.hiera4j.api.internal.AsyncCalls;
import io.github.hiera4j.api.internal.ChunkReader;
import io.github.hiera4j.api.internal.FiniteValues;
import io.github.hiera4j.api.internal.MediaPipeline;
import io.github.hiera4j.api.internal.MemoryErrors;
import io.github.hiera4j.api.internal.ViewResults;
import io.github.hiera4j.model.OperationInterruptedException;
import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.backend.SizedNetworks;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.transfer.ResizedWeights;
import io.github.hiera4j.model.weights.FiniteWeights;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A compiled graph and the preprocessing of its inputs. Classifiers and backbones share it. */
final class LoadedModel implements AutoCloseable {
    private final HieraConfig config;
    private final String backend;
    private final List<String> notes;
    private final CompileOptions compile;
    private final MediaViews views;
    private final InputSize size;
    private final SizedNetworks<Session> sessions;
    private final Map<String, Shape> outputs;
    private final @Nullable Checkpoint source; // kept open if each new size reads the weights again
    private final Semaphore runs;
    private final AsyncCalls calls = new AsyncCalls();

    private LoadedModel(Checkpoint checkpoint, Function<HieraConfig, Graph> graphs, LoadOptions options) {
        HieraConfig trained = checkpoint.config().encoder();
        checkSupported(
                trained.axes() >= 2 && trained.inChans() == 3,
                "%s: expected a model of RGB images or videos, got one with input_size %s and %d channels",
                checkpoint.path(),
                trained.inputSize(),
                trained.inChans());
        size = options.size();
        if (!checkpoint.config().isHiera()) {
            boolean isOwnSize = size.kind() == InputSize.Kind.OWN && size.frames() == 0;
            checkSupported(
                    isOwnSize,
                    "%s: %s runs only at its own size %s: leave out the size",
                    checkpoint.path(),
                    checkpoint.config().architecture(),
                    trained.inputSize());
            checkSupported(
                    options.compile().dtype() != DType.INT8,
                    "%s: int8 needs a Hiera, this is %s: choose float32 or bfloat16",
                    checkpoint.path(),
                    checkpoint.config().architecture());
        }
        config = size.of(trained);
        views = new MediaViews(config, Preprocessing.of(checkpoint, config, options), size);
        boolean isNative = size.kind() == InputSize.Kind.NATIVE;
        source = isNative ? Checkpoint.open(checkpoint.path()) : null;
        WeightSource given = source == null ? checkpoint.weights() : source.weights();
        ChosenType chosen = ChosenType.of(graphs.apply(trained), trained, given, options);
        WeightSource stored = chosen.weights();
        Backend engine = chosen.engine();
        compile = chosen.compile();
        backend = engine.name();
        notes = chosen.notes();
        sessions = new SizedNetworks<>(
                SizedNetworks.USUALLY_KEPT,
                wanted -> {
                    HieraConfig running = trained.resized(wanted);
                    WeightSource resized = wanted.equals(trained.inputSize())
                            ? stored
                            : ResizedWeights.of(stored, trained, running, size.resizing());
                    return engine.compile(graphs.apply(running), new FiniteWeights(resized), compile);
                },
                Session::close);
        if (!isNative) {
            sessions.prepare(config.inputSize());
        }
        outputs = shapes(graphs.apply(config));
        runs = new Semaphore(options.concurrentRuns() == 0 ? Integer.MAX_VALUE : options.concurrentRuns(), true);
    }

    /**
     * Compiles a graph with a checkpoint's weights.
     *
     * @param graphs the graph of the encoder at an input size
     */
    static LoadedModel compile(Checkpoint checkpoint, Function<HieraConfig, Graph> graphs, LoadOptions options) {
        return MemoryErrors.explain(
                checkpoint.path() + ": loading it", () -> new LoadedModel(checkpoint, graphs, options));
    }

    private static Map<String, Shape> shapes(Graph graph) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        graph.outputs().forEach((name, node) -> shapes.put(name, node.shape()));
        return Collections.unmodifiableMap(shapes);
    }

    HieraConfig config() {
        return config;
    }

    String backend() {
        return backend;
    }

    /** Returns the element type of the computation. */
    DType dtype() {
        return compile.dtype();
    }

    /** Returns remarks about the loading, one line each. */
    List<String> notes() {
        return notes;
    }

    MediaViews views() {
        return views;
    }

    /** Returns the outputs of {@link #run} with their shapes. */
    Map<String, Shape> outputs() {
        return outputs;
    }

    ReadOptions readOptions() {
        return views.preprocessing().options();
    }

    long nativeBytes() {
        return sessions.sum(Session::nativeBytes);
    }

    /**
     * Computes outputs of prepared pixels.
     *
     * @param pixels float32 {@code [B, 3, (T,) H, W]}, finite
     * @throws OperationInterruptedException if the calling thread is interrupted while it waits for its turn
     */
    List<HostTensor> run(HostTensor pixels, List<String> outputs) {
        int position = FiniteValues.firstNonFinite(pixels);
        check(
                position < 0,
                "the input %s holds %s at element %d: expected finite, normalised pixels",
                pixels,
                position < 0 ? "" : pixels.get(position),
                position);
        try {
            runs.acquire();
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new OperationInterruptedException(
                    "interrupted while waiting for another run of the model", interrupt);
        }
        try {
            HostTensor seen = size.fit(config, pixels);
            List<Integer> wanted = size.kind() == InputSize.Kind.NATIVE ? InputSize.of(seen) : config.inputSize();
            Map<String, HostTensor> results = MemoryErrors.explain(
                    "running the model on " + seen,
                    () -> sessions.use(wanted, session -> session.run(Map.of(HieraEncoder.INPUT, seen), outputs)));
            return outputs.stream().map(name -> finite(name, results)).toList();
        } finally {
            runs.release();
        }
    }

    /** Computes one output of prepared pixels. */
    HostTensor run(HostTensor pixels, String output) {
        return run(pixels, List.of(output)).get(0);
    }

    private HostTensor finite(String name, Map<String, HostTensor> results) {
        HostTensor result = Objects.requireNonNull(results.get(name));
        int position = FiniteValues.firstNonFinite(result);
        check(
                position < 0,
                "the model's %s holds %s at element %d: %s",
                name,
                position < 0 ? "" : result.get(position),
                position,
                compile.dtype() == DType.FLOAT32
                        ? "its weights are unusable, or too large for float32"
                        : "compute in float32, this model was loaded in " + compile.dtype());
        return result;
    }

    /** Computes one output of every view of an input, one view at a time, on the calling thread. */
    List<HostTensor> eachView(MediaInput input, ReadOptions options, String output) {
        return eachView(input, options, pixels -> run(pixels, output).slice(0));
    }

    /** Applies a function to every view {@code [1, 3, (T,) H, W]} of an input, in order. */
    <V> List<V> eachView(MediaInput input, ReadOptions options, Function<HostTensor, V> compute) {
        List<V> results = new ArrayList<>();
        prepare(input, options, view -> results.add(compute.apply(view)));
        return results;
    }

    /**
     * Passes every view {@code [1, 3, (T,) H, W]} of an input to an action, in order, on the calling thread.
     *
     * @return faults of the input that did not prevent a result
     */
    List<String> prepare(MediaInput input, ReadOptions options, Consumer<HostTensor> action) {
        Shape shape = views.chunkShape(options);
        try (ChunkReader reader =
                MemoryErrors.explain(input.name() + ": reading it", () -> views.open(input, options))) {
            HostTensor chunk = MemoryErrors.explain(
                    input.name() + ": preparing it", () -> HostTensor.allocate(DType.FLOAT32, shape));
            for (int number = 0; number < reader.chunks(); number++) {
                HostTensor read = reader.read(number, chunk);
                for (int view = 0; view < read.shape().size(0); view++) {
                    action.accept(read.slice(view).reshape(read.shape().withSize(0, 1)));
                }
            }
            return reader.warnings();
        }
    }

    /** Computes one output of every view of many inputs. */
    <R> Stream<MediaResult<R>> stream(
            Stream<MediaInput> inputs, ReadOptions options, String output, Function<List<HostTensor>, R> combine) {
        return stream(inputs, options, pixels -> ViewResults.rows(run(pixels, output)), combine);
    }

    /**
     * Computes a result for each of many inputs, in batches.
     *
     * @param compute computes one value per view of a batch
     * @param combine computes the result of an input from the values of its views
     */
    <V, R> Stream<MediaResult<R>> stream(
            Stream<MediaInput> inputs,
            ReadOptions options,
            Function<HostTensor, List<V>> compute,
            Function<List<V>, R> combine) {
        return MediaPipeline.stream(inputs, views.readPlan(options), compute, combine)
                .map(MediaResult::of);
    }

    /** Returns the results as a list, or throws the first failure. */
    static <R> List<R> all(Stream<MediaResult<R>> results) {
        try (results) {
            return results.map(MediaResult::orThrow).toList();
        }
    }

    /** Runs a call on another thread. */
    <R> CompletableFuture<R> async(Supplier<R> work) {
        return calls.start(work);
    }

    @Override
    public void close() {
        calls.close();
        sessions.close();
        if (source != null) {
            source.close();
        }
    }
}
