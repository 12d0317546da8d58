package io.github.hiera4j.onednn;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.backend.Feeds;
import io.github.hiera4j.model.backend.ProfilingSession;
import io.github.hiera4j.model.backend.StepTime;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.tensor.HostTensor;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
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
        return onRunner(selected, batch, plan -> plan.run(inputs));
    }

    @Override
    public List<StepTime> profile(Map<String, HostTensor> inputs, List<String> outputs) {
        Graph selected = selected(outputs);
        int batch = Feeds.validate(selected, inputs);
        return onRunner(selected, batch, plan -> plan.profile(inputs));
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
        T on(Plan plan);
    }

    private <T> T onRunner(Graph selected, int batch, Work<T> work) {
        Callable<T> task = () -> {
            Lease lease = borrow(selected, batch);
            try {
                return work.on(lease.plan);
            } finally {
                giveBack(lease);
            }
        };
        return await(runners.submit(task));
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
            lease = new Lease(Lowering.compile(selected.withBatch(batch), weights, precision));
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
