package io.github.hiera4j.onednn;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.backend.Feeds;
import io.github.hiera4j.model.backend.ProfilingSession;
import io.github.hiera4j.model.backend.StepTime;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.onednn.layers.Lowering;
import io.github.hiera4j.onednn.plan.Plan;
import io.github.hiera4j.onednn.plan.Weights;
import io.github.hiera4j.onednn.primitive.NativeMemory;
import io.github.hiera4j.onednn.primitive.OpenMp;
import io.github.hiera4j.onednn.primitive.Precision;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;

/**
 * A graph with packed weights, and a plan for each batch size and choice of outputs that was run.
 *
 * <p>Runs are carried out by the session's own threads, of which there are processors ÷ threads: with all processors per run,
 * concurrent callers take turns, each at full speed; with one thread per run, as many runs go on side by side as there are
 * processors. Callers' threads and their OpenMP settings are left alone.
 */
public final class OneDnnSession implements ProfilingSession {
    /** Plans kept at a time; the one unused for longest goes first. */
    private static final int PLANS = 8;

    /** Combinations of outputs remembered. */
    private static final int SELECTIONS = 64;

    private final Graph graph;
    private final Weights weights;
    private final Precision precision;
    private final int threads;
    private final ExecutorService runners;
    private final Map<PlanKey, Lease> plans = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<List<String>, Graph> selections = new HashMap<>();
    private boolean closed;

    /** What a plan is for. */
    private record PlanKey(Set<String> outputs, int batch) {}

    /** A plan and how many runs use it now. */
    private static final class Lease {
        final Plan plan;
        int users;

        Lease(Plan plan) {
            this.plan = plan;
        }
    }

    OneDnnSession(Graph graph, Weights weights, Precision precision, int threads) {
        this.graph = graph;
        this.weights = weights;
        this.precision = precision;
        this.threads = threads;
        int runs = Math.max(1, Runtime.getRuntime().availableProcessors() / threads);
        this.runners = Executors.newFixedThreadPool(runs, runnerFactory(threads));
    }

    private static ThreadFactory runnerFactory(int threads) {
        return work -> {
            Thread thread = new Thread(
                    () -> {
                        OpenMp.setThreads(threads);
                        work.run();
                    },
                    "hiera-onednn");
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public Graph graph() {
        return graph;
    }

    /** Threads of one run. */
    public int threads() {
        return threads;
    }

    @Override
    public Map<String, HostTensor> run(Map<String, HostTensor> inputs, List<String> outputs) {
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
    }

    @Override
    public List<StepTime> profile(Map<String, HostTensor> inputs, List<String> outputs) {
        Graph selected = selected(outputs);
        int batch = Feeds.validate(selected, inputs);
        List<StepTime> steps = new ArrayList<>();
        inPortions(selected, batch, (plan, first) -> plan.profile(inputs, first))
                .forEach(steps::addAll);
        return steps;
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
        List<Future<T>> runs = new ArrayList<>();
        for (int first = 0; first < batch; first += portion) {
            int start = first;
            int samples = Math.min(portion, batch - first);
            runs.add(runners.submit(() -> {
                Lease lease = borrow(selected, samples);
                try {
                    return work.on(lease.plan, start);
                } finally {
                    giveBack(lease);
                }
            }));
        }
        List<T> results = new ArrayList<>();
        runs.forEach(run -> results.add(await(run)));
        return results;
    }

    /** Waits for a run, which cannot be broken off half way; an interrupt is kept for the caller to see. */
    private static <T> T await(Future<T> future) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException interrupt) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException failure) {
            Throwable cause = failure.getCause();
            if (cause instanceof HieraException fault) {
                throw new HieraException(String.valueOf(fault.getMessage()), fault);
            }
            throw new IllegalStateException("a run on backend 'onednn' failed", cause);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized Lease borrow(Graph selected, int batch) {
        if (closed) {
            throw new HieraException("the session is closed");
        }
        PlanKey key = new PlanKey(Set.copyOf(selected.outputs().keySet()), batch);
        Lease lease = plans.get(key);
        if (lease == null) {
            evict();
            lease = new Lease(Lowering.compile(selected, batch, weights, precision));
            plans.put(key, lease);
        }
        lease.users++;
        return lease;
    }

    private synchronized void giveBack(Lease lease) {
        lease.users--;
    }

    private void evict() {
        Iterator<Lease> oldestFirst = plans.values().iterator();
        while (plans.size() >= PLANS && oldestFirst.hasNext()) {
            Lease lease = oldestFirst.next();
            if (lease.users == 0) {
                oldestFirst.remove();
                lease.plan.close();
            }
        }
    }

    @Override
    public synchronized long nativeBytes() {
        return weights.nativeBytes()
                + plans.values().stream()
                        .mapToLong(lease -> lease.plan.nativeBytes())
                        .sum();
    }

    /** Bytes of native memory that all open sessions of this backend hold. */
    public static long liveNativeBytes() {
        return NativeMemory.liveBytes();
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            runners.shutdown();
            plans.values().forEach(lease -> lease.plan.close());
            plans.clear();
            weights.close();
        }
    }
}
