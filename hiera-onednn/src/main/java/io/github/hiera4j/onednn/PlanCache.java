package io.github.hiera4j.onednn;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.onednn.layers.Lowering;
import io.github.hiera4j.onednn.plan.Plan;
import io.github.hiera4j.onednn.plan.Weights;
import io.github.hiera4j.onednn.primitive.Precision;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The packed weights of a session and its plans, one for each batch size, number of threads and selection of outputs that
 * was run. */
final class PlanCache {
    /** Plans kept at a time; the least recently used one is removed first. */
    private static final int PLANS = 8;

    private final Weights weights;
    private final Precision precision;
    private final Map<PlanKey, Lease> plans = new LinkedHashMap<>(16, 0.75f, true);

    /** Identifies a plan. */
    private record PlanKey(Set<String> outputs, int batch, int threads) {}

    /** A plan that is in use until this object is closed. */
    final class Lease implements AutoCloseable {
        private final Plan plan;
        private int users;

        private Lease(Plan plan) {
            this.plan = plan;
        }

        Plan plan() {
            return plan;
        }

        @Override
        public void close() {
            giveBack(this);
        }
    }

    PlanCache(Weights weights, Precision precision) {
        this.weights = weights;
        this.precision = precision;
    }

    /**
     * Returns the plan for a graph, a batch size and a number of threads, compiled if necessary: kernels are created for the number of
     * threads in the calling thread's parallel loops.
     */
    synchronized Lease borrow(Graph selected, int batch, int threads) {
        PlanKey key = new PlanKey(Set.copyOf(selected.outputs().keySet()), batch, threads);
        Lease lease = plans.get(key);
        if (lease == null) {
            evict();
            lease = new Lease(Lowering.compile(selected, batch, threads, weights, precision));
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

    synchronized long nativeBytes() {
        return weights.nativeBytes()
                + plans.values().stream()
                        .mapToLong(lease -> lease.plan.nativeBytes())
                        .sum();
    }

    /** Frees everything; no plan may be in use. */
    synchronized void close() {
        plans.values().forEach(lease -> lease.plan.close());
        plans.clear();
        weights.close();
    }
}
