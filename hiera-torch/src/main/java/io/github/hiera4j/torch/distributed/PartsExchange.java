package io.github.hiera4j.torch.distributed;

import io.github.hiera4j.torch.TensorScope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * Sends the part of each process to all others, by all-gathers of buckets. A bucket contains the same number of elements of every part, as
 * the collective requires; parts that are shorter than the longest one are padded with zeros. While one bucket is sent, the previous one is
 * copied to its parts.
 */
final class PartsExchange {
    private static final int BUCKETS = 2; // in progress at a time

    /** Starts an all-gather of tensors of equal length, in the order of the ranks. */
    @FunctionalInterface
    interface Gathering {
        PendingSum begin(Tensor own, Tensor all);
    }

    private final Gathering gathering;
    private final int rank;
    private final int size;
    private final Device device;

    /** @param device the device from which tensors are sent */
    PartsExchange(Gathering gathering, int rank, int size, Device device) {
        this.gathering = gathering;
        this.rank = rank;
        this.size = size;
        this.device = device;
    }

    /**
     * Replaces part {@code r} by that of rank {@code r}, for all ranks.
     *
     * @param parts one part per process
     * @param bucketElements number of elements in a bucket, summed over all processes
     */
    void run(List<Tensor> parts, long bucketElements) {
        long longest = parts.stream().mapToLong(Tensor::numel).max().orElse(0);
        if (longest == 0) {
            return;
        }
        long width = Math.min(longest, Math.max(1, bucketElements / size));
        try (TensorScope scope = new TensorScope();
                NoGradGuard quiet = new NoGradGuard()) {
            List<Tensor> received = new ArrayList<>();
            for (int bucket = 0; bucket < BUCKETS; bucket++) {
                received.add(empty(size * width, parts.get(0)));
            }
            Deque<PendingSum> pending = new ArrayDeque<>();
            for (long from = 0; from < longest; from += width) {
                if (pending.size() == BUCKETS) {
                    pending.remove().await();
                }
                Tensor all = received.get((int) (from / width % BUCKETS));
                pending.add(send(parts, from, Math.min(width, longest - from), all));
            }
            pending.forEach(PendingSum::await);
        }
    }

    private Tensor empty(long elements, Tensor like) {
        return torch.zeros(new long[] {elements}, new TensorOptions(like.scalar_type()))
                .to(device, like.scalar_type());
    }

    private PendingSum send(List<Tensor> parts, long from, long width, Tensor memory) {
        Tensor all = memory.narrow(0, 0, size * width);
        return gathering.begin(own(parts.get(rank), from, width), all).then(() -> {
            for (int other = 0; other < size; other++) {
                long length = length(parts.get(other), from, width);
                if (other != rank && length > 0) {
                    parts.get(other).narrow(0, from, length).copy_(all.narrow(0, other * width, length));
                }
            }
        });
    }

    /** Returns the number of elements of a part that belong to a bucket. */
    private static long length(Tensor part, long from, long width) {
        return Math.max(0, Math.min(width, part.numel() - from));
    }

    private Tensor own(Tensor part, long from, long width) {
        long length = length(part, from, width);
        if (length == width) {
            return part.narrow(0, from, width).to(device, part.scalar_type());
        }
        Tensor filled = empty(width, part);
        if (length > 0) {
            filled.narrow(0, 0, length).copy_(part.narrow(0, from, length));
        }
        return filled;
    }
}
