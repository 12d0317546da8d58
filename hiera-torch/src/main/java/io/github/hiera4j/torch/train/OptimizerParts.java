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
 * The optimiser's memory, of which each process has a part. A checkpoint has all of it: the parts are brought together in the first process
 * when it is written, and given out by that process when it was read.
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
     * After the parameters of the own part changed: all processes get those of all parts, by all-gathers of buckets.
     *
     * <p>Gradients are added whole before, by all-reduces, although a process updates only its own part. Gloo's reduce-scatter would save
     * nothing: it is an all-reduce of which the other parts are dropped, and sends as many bytes (libtorch 2.10: three processes sent
     * 48 MB in all for a vector of 12 MB, either way). The whole gradient also keeps its norm, and with it clipping, the same to the last
     * bit as without parts.
     */
    void exchange(FlatVector values, long bucketElements) {
        try (TensorScope scope = new TensorScope();
                NoGradGuard quiet = new NoGradGuard()) {
            group.exchange(spans.stream().map(values::part).toList(), bucketElements);
        }
    }

    /**
     * Brings all parts together.
     *
     * @return the whole memory by name, which the caller closes; empty but in the first process
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

    /** For what passes through this process. */
    private Tensor spare(FlatLayout.Span span) {
        return torch.empty(new long[] {span.length()}, new TensorOptions(ScalarType.Float), new MemoryFormatOptional())
                .to(device, ScalarType.Float);
    }

    /** A whole vector that a checkpoint is read into; {@link #giveOut} gives its parts to their processes. */
    FlatVector reading(String name) {
        return read.computeIfAbsent(name, unread -> whole());
    }

    /** Gives every process its part of what the first one has read; nothing if it has read nothing. */
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
