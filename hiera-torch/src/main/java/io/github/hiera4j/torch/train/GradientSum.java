package io.github.hiera4j.torch.train;

import io.github.hiera4j.torch.distributed.DataParallel;
import io.github.hiera4j.torch.distributed.PendingSum;
import io.github.hiera4j.torch.distributed.ProcessGroup;
import io.github.hiera4j.torch.tape.StepTimes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Adds the gradient of a pass to the float32 sum, together with those of the other processes.
 *
 * <p>The flat vector is divided into buckets. As soon as the backward pass has completed all parameters of a bucket, it is sent while the
 * pass continues (Li et al., "PyTorch Distributed: Experiences on Accelerating Data Parallel Training", VLDB 2020). The order in which
 * buckets are complete depends only on the graph, so it is the same in all processes.
 */
final class GradientSum {
    private final FlatVector sum;
    private final ComputeWeights weights;
    private final DataParallel parallel;
    private final List<Bucket> buckets = new ArrayList<>();
    private final Map<String, Bucket> bucketOf = new HashMap<>();
    private final List<PendingSum> pending = new ArrayList<>();
    private StepTimes times = StepTimes.NONE;
    private boolean last;

    /** Consecutive parameters. */
    private static final class Bucket {
        private final long offset;
        private long length;
        private int parameters;
        private int missing;
        private boolean sent;

        Bucket(long offset) {
            this.offset = offset;
        }
    }

    GradientSum(FlatLayout layout, FlatVector sum, ComputeWeights weights, DataParallel parallel) {
        this.sum = sum;
        this.weights = weights;
        this.parallel = parallel;
        layout.slots().forEach(this::add);
    }

    private void add(String name, FlatLayout.Slot slot) {
        Bucket bucket = buckets.isEmpty() ? null : buckets.get(buckets.size() - 1);
        if (bucket == null || bucket.length >= parallel.bucketElements()) {
            bucket = new Bucket(slot.offset());
            buckets.add(bucket);
        }
        bucket.length += slot.shape().elements();
        bucket.parameters++;
        bucketOf.put(name, bucket);
    }

    private ProcessGroup group() {
        return parallel.processes();
    }

    boolean isAlone() {
        return group().isAlone();
    }

    int processes() {
        return group().size();
    }

    void takeFromFirst(FlatVector vector) {
        group().takeFromFirst(vector.whole());
    }

    /**
     * Prepares for a pass.
     *
     * @param fresh whether the pass is the first of its step
     * @param completes whether the pass is the last of its step: only then gradients are sent
     * @param measured receives the times of the exchange and of waiting for it
     */
    void begin(boolean fresh, boolean completes, StepTimes measured) {
        times = measured;
        last = completes;
        weights.begin(fresh);
        pending.clear();
        buckets.forEach(bucket -> {
            bucket.missing = bucket.parameters;
            bucket.sent = false;
        });
    }

    /** Returns the listener for completed parameters; null if nothing is sent during the pass. */
    @Nullable
    Consumer<String> listener() {
        return isAlone() || !last ? null : this::complete;
    }

    private void complete(String parameter) {
        Bucket bucket = Objects.requireNonNull(bucketOf.get(parameter), parameter);
        bucket.missing--;
        if (bucket.missing == 0) {
            send(bucket);
        }
    }

    private void send(Bucket bucket) {
        bucket.sent = true;
        weights.addGradient(bucket.offset, bucket.length);
        Tensor part = sum.part(bucket.offset, bucket.length);
        if (!parallel.bfloat16()) {
            pending.add(watched(bucket, group().sum(part)));
            return;
        }
        Tensor rounded = part.to(ScalarType.BFloat16);
        pending.add(watched(bucket, group().sum(rounded)).then(() -> part.copy_(rounded)));
    }

    private PendingSum watched(Bucket bucket, PendingSum sending) {
        times.aside("sum of bucket " + (1 + buckets.indexOf(bucket)), sending::isComplete);
        return sending;
    }

    /** Stops measuring the exchange of a pass; must be called after every pass, even if it failed. */
    void endWatching() {
        times.endAside();
    }

    /** Finishes a pass: sends the remaining buckets and waits until the sum is complete. */
    void finish() {
        if (isAlone() || !last) {
            weights.addGradient();
            times.add("gradient to float32");
            return;
        }
        buckets.stream().filter(bucket -> !bucket.sent).forEach(this::send);
        times.add("gradient to float32");
        pending.forEach(PendingSum::await);
        pending.clear();
        times.add("wait for other processes");
    }
}
