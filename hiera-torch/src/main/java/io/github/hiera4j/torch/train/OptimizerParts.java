package io.github.hiera4j.torch.train;

import io.github.hiera4j.torch.TensorScope;
import io.github.hiera4j.torch.distributed.ProcessGroup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * The optimiser state, of which each process has a part. A checkpoint has the whole state: the first process gathers the parts to write
 * it, and distributes them after reading it.
 */
final class OptimizerParts implements AutoCloseable {
    private final FlatLayout layout;
    private final ProcessGroup group;
    private final List<FlatLayout.Span> spans;
    private final Map<String, FlatVector> own;
    private final Device device;
    private final Map<String, FlatVector> read = new LinkedHashMap<>();

    /** @param own the part of this process, by name */
    OptimizerParts(FlatLayout layout, ProcessGroup group, Map<String, FlatVector> own, Device device) {
        this.layout = layout;
        this.group = group;
        this.spans = layout.shares(group.size());
        this.own = own;
        this.device = device;
    }

    private FlatVector whole() {
        return new FlatVector(layout, ScalarType.Float, device);
    }

    /**
     * Exchanges the updated parameters by all-gathers of buckets, so that every process has all of them.
     *
     * <p>Before the update, all-reduces sum the complete gradient, although each process updates only its own part. Gloo's reduce-scatter
     * would save nothing: it is an all-reduce that discards the other parts, and sends the same number of bytes (libtorch 2.10: three
     * processes send 48 MB in total for a vector of 12 MB, in both cases). With the complete gradient, its norm, and therefore clipping, are
     * also bit-identical to those of an undivided optimiser.
     */
    void exchange(FlatVector values, long bucketElements) {
        try (TensorScope scope = new TensorScope();
                NoGradGuard quiet = new NoGradGuard()) {
            group.exchange(spans.stream().map(values::part).toList(), bucketElements);
        }
    }

    /**
     * Gathers all parts.
     *
     * @return the whole state by name, which the caller closes; empty in all processes except the first
     */
    Map<String, FlatVector> collect() {
        Map<String, FlatVector> all = new LinkedHashMap<>();
        try {
            own.forEach((name, part) -> {
                FlatVector whole = group.isFirst() ? whole() : null;
                if (whole != null) {
                    all.put(name, whole);
                }
                for (int rank = 0; rank < spans.size(); rank++) {
                    collect(rank, part, whole);
                }
            });
            return all;
        } catch (RuntimeException | Error failure) {
            all.values().forEach(FlatVector::close);
            throw failure;
        }
    }

    private void collect(int rank, FlatVector part, @Nullable FlatVector whole) {
        FlatLayout.Span span = spans.get(rank);
        try (TensorScope scope = new TensorScope();
                NoGradGuard quiet = new NoGradGuard()) {
            if (span.length() == 0) {
                return;
            }
            Tensor place = rank == group.rank() ? part.whole() : whole != null ? whole.part(span) : spare(span);
            if (rank > 0) {
                group.takeFrom(rank, place);
            } else if (whole != null) {
                whole.part(span).copy_(place);
            }
        }
    }

    /** A buffer for parts that pass through this process. */
    private Tensor spare(FlatLayout.Span span) {
        return torch.empty(new long[] {span.length()}, new TensorOptions(ScalarType.Float), new MemoryFormatOptional())
                .to(device, ScalarType.Float);
    }

    /** A whole vector into which a checkpoint is read; {@link #giveOut} sends its parts to their processes. */
    FlatVector reading(String name) {
        return read.computeIfAbsent(name, unread -> whole());
    }

    /** Sends every process its part of the state that the first one has read, if any. */
    void giveOut() {
        if (!group.any(!read.isEmpty())) {
            return;
        }
        own.forEach((name, part) -> {
            for (int rank = 0; rank < spans.size(); rank++) {
                giveOut(name, rank, part);
            }
        });
        forgetRead();
    }

    private void giveOut(String name, int rank, FlatVector part) {
        FlatLayout.Span span = spans.get(rank);
        try (TensorScope scope = new TensorScope();
                NoGradGuard quiet = new NoGradGuard()) {
            if (span.length() == 0) {
                return;
            }
            if (group.isFirst()) {
                Tensor given = Objects.requireNonNull(read.get(name)).part(span);
                if (rank == 0) {
                    part.whole().copy_(given);
                } else {
                    group.takeFrom(0, given);
                }
            } else if (rank > 0) {
                group.takeFrom(0, rank == group.rank() ? part.whole() : spare(span));
            }
        }
    }

    private void forgetRead() {
        read.values().forEach(FlatVector::close);
        read.clear();
    }

    @Override
    public void close() {
        forgetRead();
    }
}
