package io.github.hiera4j.torch;

import io.github.hiera4j.model.backend.SessionThreads;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.tensor.HostTensor;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The two threads of a session that use a GPU, each with a stream: while one run computes, the other one copies its inputs or outputs.
 *
 * <p>A run goes to the first thread unless that one is busier. A single caller thus needs the memory of one stream only.
 */
final class GpuLanes implements AutoCloseable {
    private static final int COUNT = 2;

    private final List<Lane> lanes;

    /** A thread with its stream. */
    private static final class Lane implements AutoCloseable {
        private final SessionThreads thread;
        private final Supplier<GpuRuns> create;
        private volatile @Nullable GpuRuns runs; // created by the thread
        private int callers; // guarded by the list of lanes

        Lane(Runnable prepare, Supplier<GpuRuns> create) {
            this.thread = new SessionThreads("torch", 1, prepare);
            this.create = create;
        }

        Map<String, HostTensor> run(Graph graph, Map<String, HostTensor> inputs) {
            return thread.run(() -> {
                GpuRuns own = runs;
                if (own == null) {
                    own = create.get();
                    runs = own;
                }
                return own.run(graph, inputs);
            });
        }

        long bytes() {
            GpuRuns own = runs;
            return own == null ? 0 : own.bytes();
        }

        int recordings() {
            GpuRuns own = runs;
            return own == null ? 0 : own.recordings();
        }

        @Override
        public void close() {
            thread.close();
            GpuRuns own = runs;
            if (own != null) {
                own.close();
            }
        }
    }

    /**
     * @param prepare runs first on every thread
     * @param create creates what a thread needs for its runs
     */
    GpuLanes(Runnable prepare, Supplier<GpuRuns> create) {
        lanes = Stream.generate(() -> new Lane(prepare, create)).limit(COUNT).toList();
    }

    Map<String, HostTensor> run(Graph graph, Map<String, HostTensor> inputs) {
        Lane lane = enter();
        try {
            return lane.run(graph, inputs);
        } finally {
            leave(lane);
        }
    }

    private Lane enter() {
        synchronized (lanes) {
            Lane chosen = lanes.get(0);
            for (Lane lane : lanes) {
                chosen = lane.callers < chosen.callers ? lane : chosen;
            }
            chosen.callers++;
            return chosen;
        }
    }

    private void leave(Lane lane) {
        synchronized (lanes) {
            lane.callers--;
        }
    }

    /** Returns the bytes that stay between runs, without those of intermediate results. */
    long bytes() {
        return lanes.stream().mapToLong(Lane::bytes).sum();
    }

    /** Returns how many runs are recorded. */
    int recordings() {
        return lanes.stream().mapToInt(Lane::recordings).sum();
    }

    /** Ends the threads and frees their memory; called when no run is active. */
    @Override
    public void close() {
        Closing.all(lanes);
    }
}
