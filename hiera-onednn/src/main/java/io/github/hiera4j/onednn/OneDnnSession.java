package io.github.hiera4j.onednn;

import io.github.hiera4j.model.backend.Feeds;
import io.github.hiera4j.model.backend.NativeHold;
import io.github.hiera4j.model.backend.ProfilingSession;
import io.github.hiera4j.model.backend.RunGuard;
import io.github.hiera4j.model.backend.StepTime;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
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
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A graph with packed weights, and a plan for each batch size and selection of outputs that was run.
 *
 * <p>Runs execute on the session's own threads; callers' threads and their OpenMP settings are not changed. A single sample is
 * computed by all threads of a run together, as long as that is fastest ({@link TeamChoice}). With several samples, in one batch or
 * from concurrent callers, each thread computes its own samples ({@link Division}): these threads never wait for each other, so that
 * other programs on the machine disturb them little. The number of working threads is at most the number of processors, or the
 * threads of a run if that is more.
 */
public final class OneDnnSession implements ProfilingSession {
    /** Combinations of outputs remembered. */
    private static final int SELECTIONS = 64;

    private final Graph graph;
    private final int threads;
    private final PlanCache plans;
    private final Runners runners;
    private final int runsSideBySide;
    private final AtomicInteger calls = new AtomicInteger();
    private final TeamChoice choice = new TeamChoice();
    private final RunGuard guard = RunGuard.ofModel();
    private final NativeHold hold;
    private final Map<List<String>, Graph> selections = new HashMap<>();

    OneDnnSession(Graph graph, Weights weights, Precision precision, int threads) {
        this.graph = graph;
        this.threads = threads;
        PlanCache cache = new PlanCache(weights, precision);
        Runners own = new Runners(threads);
        RunGuard runs = guard;
        this.plans = cache;
        this.runners = own;
        this.runsSideBySide = own.callsSideBySide();
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
            inPieces(selected, batch, (plan, piece) -> {
                plan.run(inputs, piece.first(), results);
                return results;
            });
            return results;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** {@inheritDoc} Steps of pieces that are computed in parallel count for their share of the time. */
    @Override
    public List<StepTime> profile(Map<String, HostTensor> inputs, List<String> outputs) {
        try (RunGuard.Run run = guard.enter()) {
            Graph selected = selected(outputs);
            int batch = Feeds.validate(selected, inputs);
            List<StepTime> steps = new ArrayList<>();
            inPieces(selected, batch, (plan, piece) -> {
                        double share = (double) piece.threads() / threads;
                        return plan.profile(inputs, piece.first()).stream()
                                .map(step -> step.times(share))
                                .toList();
                    })
                    .forEach(steps::addAll);
            return steps;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** Returns the part of the graph that the given outputs need; the same object for the same outputs. */
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
        T on(Plan plan, Division.Piece piece);
    }

    /** Divides a batch into pieces that the runners compute; returns the results in the order of the samples. */
    private <T> List<T> inPieces(Graph selected, int batch, Work<T> work) {
        boolean shared = calls.incrementAndGet() > runsSideBySide; // other calls compute at the same time
        try {
            int team = shared || (batch == 1 && choice.prefersOneThread(selected)) ? 1 : threads;
            List<Runners.Task<T>> tasks = new ArrayList<>();
            for (Division.Piece piece : Division.of(selected, batch, team)) {
                tasks.add(new Runners.Task<>(piece.threads(), () -> {
                    try (PlanCache.Lease lease = plans.borrow(selected, piece.samples(), piece.threads())) {
                        return work.on(lease.plan(), piece);
                    }
                }));
            }
            long start = System.nanoTime();
            List<T> results = runners.runAll(tasks);
            if (batch == 1 && calls.get() <= runsSideBySide) {
                choice.note(selected, team, (double) (System.nanoTime() - start));
            }
            return results;
        } finally {
            calls.decrementAndGet();
        }
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
