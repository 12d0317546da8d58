package io.github.hiera4j.onednn;

import io.github.hiera4j.model.backend.Feeds;
import io.github.hiera4j.model.backend.NativeHold;
import io.github.hiera4j.model.backend.ProfilingSession;
import io.github.hiera4j.model.backend.RunGuard;
import io.github.hiera4j.model.backend.SessionThreads;
import io.github.hiera4j.model.backend.StepTime;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.natives.OpenMp;
import io.github.hiera4j.onednn.plan.Plan;
import io.github.hiera4j.onednn.plan.Weights;
import io.github.hiera4j.onednn.primitive.NativeMemory;
import io.github.hiera4j.onednn.primitive.Precision;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * A graph with packed weights, and a plan for each batch size and choice of outputs that was run.
 *
 * <p>Runs are carried out by the session's own threads, of which there are processors ÷ threads: with all processors per run,
 * concurrent callers take turns, each at full speed; with one thread per run, as many runs are concurrent as there are
 * processors. Callers' threads and their OpenMP settings are left alone.
 */
public final class OneDnnSession implements ProfilingSession {
    /** Combinations of outputs remembered. */
    private static final int SELECTIONS = 64;

    private final Graph graph;
    private final int threads;
    private final PlanCache plans;
    private final SessionThreads runners;
    private final RunGuard guard = RunGuard.ofModel();
    private final NativeHold hold;
    private final Map<List<String>, Graph> selections = new HashMap<>();

    OneDnnSession(Graph graph, Weights weights, Precision precision, int threads) {
        this.graph = graph;
        this.threads = threads;
        PlanCache cache = new PlanCache(weights, precision);
        SessionThreads own =
                new SessionThreads("onednn", SessionThreads.runsSideBySide(threads), () -> OpenMp.setThreads(threads));
        RunGuard runs = guard;
        this.plans = cache;
        this.runners = own;
        this.hold = NativeHold.of(
                this,
                "a model on backend 'onednn'",
                () -> runs.close(() -> {
                    own.close();
                    cache.close();
                }));
    }

    @Override
    public Graph graph() {
        return graph;
    }

    /** {@return threads of one run} */
    public int threads() {
        return threads;
    }

    @Override
    public Map<String, HostTensor> run(Map<String, HostTensor> inputs, List<String> outputs) {
        try (RunGuard.Run run = guard.enter()) {
            Graph selected = selected(outputs);
            int batch = Feeds.validate(selected, inputs);
            Map<String, HostTensor> results = new LinkedHashMap<>();
            for (String name : outputs) {
                results.put(
                        name,
                        HostTensor.allocate(
                                DType.FLOAT32, selected.output(name).shape().withBatch(batch)));
            }
            inPortions(selected, batch, (plan, first) -> {
                plan.run(inputs, first, results);
                return results;
            });
            return results;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public List<StepTime> profile(Map<String, HostTensor> inputs, List<String> outputs) {
        try (RunGuard.Run run = guard.enter()) {
            Graph selected = selected(outputs);
            int batch = Feeds.validate(selected, inputs);
            List<StepTime> steps = new ArrayList<>();
            inPortions(selected, batch, (plan, first) -> plan.profile(inputs, first))
                    .forEach(steps::addAll);
            return steps;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** The part of the graph that some outputs need; the same object for the same outputs. */
    private synchronized Graph selected(List<String> outputs) {
        Graph known = selections.get(outputs);
        if (known == null) {
            known = graph.select(outputs);
            if (selections.size() >= SELECTIONS) {
                selections.clear();
            }
            selections.put(List.copyOf(outputs), known);
        }
        return known;
    }

    private interface Work<T> {
        T on(Plan plan, int firstSample);
    }

    /** Divides a batch into portions and has the runners work on them; the results in the order of the samples. */
    private <T> List<T> inPortions(Graph selected, int batch, Work<T> work) {
        int portion = Portions.size(selected, batch);
        List<Callable<T>> runs = new ArrayList<>();
        for (int first = 0; first < batch; first += portion) {
            int start = first;
            int samples = Math.min(portion, batch - first);
            runs.add(() -> {
                try (PlanCache.Lease lease = plans.borrow(selected, samples)) {
                    return work.on(lease.plan(), start);
                }
            });
        }
        return runners.runAll(runs);
    }

    @Override
    public long nativeBytes() {
        return plans.nativeBytes();
    }

    /** {@return bytes of native memory that all open sessions of this backend hold} */
    public static long liveNativeBytes() {
        return NativeMemory.liveBytes();
    }

    @Override
    public void close() {
        hold.release();
    }
}
