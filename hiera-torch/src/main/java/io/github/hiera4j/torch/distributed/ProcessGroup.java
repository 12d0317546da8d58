package io.github.hiera4j.torch.distributed;

import io.github.hiera4j.torch.BatchShare;
import io.github.hiera4j.torch.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The processes that train together, from the view of one of them. Every method that sends something is collective: all processes call
 * the same methods in the same order, and each waits for the others. If one has ended or does not respond in time, the others get a
 * {@link LostProcessException}. Used by one thread at a time.
 */
public final class ProcessGroup implements AutoCloseable {
    private final int rank;
    private final int size;
    private final int localRank;
    private final int localSize;
    private final @Nullable GlooGroup gloo;
    private Optional<NcclGroup> nccl = Optional.empty();
    private boolean isNcclDecided;

    private ProcessGroup(int rank, int size, int localRank, int localSize, @Nullable GlooGroup gloo) {
        this.rank = rank;
        this.size = size;
        this.localRank = localRank;
        this.localSize = localSize;
        this.gloo = gloo;
    }

    /**
     * Returns a group of a single process; no library is loaded and nothing is sent.
     *
     * @return a group of one
     */
    public static ProcessGroup alone() {
        return new ProcessGroup(0, 1, 0, 1, null);
    }

    /**
     * Connects to the other processes.
     *
     * @param place number of this process, number of processes, and where the first one listens
     * @return the group, connected
     * @throws LostProcessException if they do not connect in time
     */
    public static ProcessGroup join(ProcessPlace place) {
        return place.size() == 1
                ? alone()
                : new ProcessGroup(
                        place.rank(), place.size(), place.localRank(), place.localSize(), GlooGroup.join(place));
    }

    /**
     * Returns the number of this process, from 0.
     *
     * @return 0 to {@code size - 1}
     */
    public int rank() {
        return rank;
    }

    /**
     * Returns the number of processes.
     *
     * @return at least 1
     */
    public int size() {
        return size;
    }

    /**
     * Returns the number of this process among those on its machine, from 0.
     *
     * @return 0 to {@code localSize - 1}
     */
    public int localRank() {
        return localRank;
    }

    /**
     * Returns the number of processes on this machine, which share its processors.
     *
     * @return at least 1
     */
    public int localSize() {
        return localSize;
    }

    /**
     * Returns whether there is only one process.
     *
     * @return true for a group of one
     */
    public boolean isAlone() {
        return size == 1;
    }

    /**
     * Returns whether this is the process that writes files and reports to the user.
     *
     * @return true for rank 0
     */
    public boolean isFirst() {
        return rank == 0;
    }

    /**
     * Returns the rows of a batch that this process works on.
     *
     * @return the share of this process
     */
    public BatchShare share() {
        return new BatchShare(rank, size);
    }

    private GlooGroup gloo() {
        return Objects.requireNonNull(gloo);
    }

    /** NCCL, if all processes have it; decided together at the first tensor on a GPU. */
    private Optional<NcclGroup> gpus() {
        if (!isNcclDecided) {
            boolean missing = any(!NcclGroup.isAvailable());
            nccl = missing ? Optional.empty() : Optional.of(gloo().betweenGpus());
            isNcclDecided = true;
        }
        return nccl;
    }

    /**
     * Starts replacing a tensor by the sum over all processes. NCCL adds tensors on GPUs if all processes have it; otherwise they are
     * copied through host memory.
     *
     * @param tensor contiguous; it must not be read or written before the sum is complete
     * @return a handle that waits for the sum
     */
    public PendingSum sum(Tensor tensor) {
        if (isAlone()) {
            return PendingSum.NONE;
        }
        if (tensor.is_cpu()) {
            return gloo().sum(tensor);
        }
        Optional<NcclGroup> gpus = gpus();
        return gpus.isPresent() ? gpus.get().sum(tensor) : throughHost(tensor, gloo()::sum);
    }

    /**
     * Replaces a tensor by that of rank 0.
     *
     * @param tensor the tensor, of the same shape and type in all processes
     */
    public void takeFromFirst(Tensor tensor) {
        takeFrom(0, tensor);
    }

    /**
     * Replaces a tensor by that of one process.
     *
     * @param root rank of the process that sends its tensor
     * @param tensor contiguous, of the same shape and type in all processes
     */
    public void takeFrom(int root, Tensor tensor) {
        if (isAlone()) {
            return;
        }
        try (TensorScope scope = new TensorScope();
                NoGradGuard quiet = new NoGradGuard()) {
            copying(root, tensor).await();
        }
    }

    /**
     * Replaces tensor {@code r} by that of rank {@code r}, for all ranks, by all-gathers of buckets: in a ring, every process sends and
     * receives {@code (N - 1) / N} of all elements.
     *
     * @param parts one per process, contiguous and of one dimension, each of the same length and type in all processes; they must not overlap
     * @param bucketElements number of elements that are exchanged at a time
     */
    public void exchange(List<Tensor> parts, long bucketElements) {
        if (isAlone()) {
            return;
        }
        boolean onGpu = !parts.get(0).is_cpu();
        Optional<NcclGroup> gpus = onGpu ? gpus() : Optional.empty();
        PartsExchange.Gathering gathering =
                gpus.isPresent() ? gpus.get()::gather : (own, all) -> gloo().gather(own, all);
        Device device = gpus.isPresent() ? parts.get(0).device() : new Device("cpu");
        new PartsExchange(gathering, rank, size, device).run(parts, bucketElements);
    }

    private PendingSum copying(int root, Tensor tensor) {
        if (tensor.is_cpu()) {
            return gloo().broadcast(tensor, root);
        }
        Optional<NcclGroup> gpus = gpus();
        return gpus.isPresent()
                ? gpus.get().broadcast(tensor, root)
                : throughHost(tensor, copy -> gloo().broadcast(copy, root));
    }

    private static PendingSum throughHost(Tensor tensor, Function<Tensor, PendingSum> exchange) {
        Tensor copy = tensor.to(new Device("cpu"), tensor.scalar_type());
        return exchange.apply(copy).then(() -> tensor.copy_(copy));
    }

    /**
     * Sums numbers over all processes; every process gets the same bits.
     *
     * @param values the same count in every process
     * @return the sums, in the same order
     */
    public double[] sum(double... values) {
        if (isAlone()) {
            return values;
        }
        return HostValues.sum(gloo(), values);
    }

    /**
     * Returns whether a condition holds in at least one process.
     *
     * @param here whether it holds in this process
     * @return the same value in all processes
     */
    public boolean any(boolean here) {
        return isAlone() ? here : sum(here ? 1 : 0)[0] > 0;
    }

    /**
     * Collects one array from every process, in the order of their ranks.
     *
     * @param here the contribution of this process, of any length
     * @return one array per process
     */
    public List<byte[]> gather(byte[] here) {
        if (isAlone()) {
            return List.of(here);
        }
        double[] lengths = new double[size];
        lengths[rank] = here.length;
        lengths = sum(lengths);
        List<byte[]> all = new ArrayList<>();
        for (int from = 0; from < size; from++) {
            all.add(HostValues.copy(gloo(), from, from == rank ? here : new byte[(int) lengths[from]]));
        }
        return all;
    }

    /**
     * Sends bytes from rank 0 to all processes.
     *
     * @param here the bytes; ignored in other processes than rank 0
     * @return the bytes of rank 0
     */
    public byte[] fromFirst(byte[] here) {
        if (isAlone()) {
            return here;
        }
        int length = (int) sum(isFirst() ? here.length : 0)[0];
        return HostValues.copy(gloo(), 0, isFirst() ? here : new byte[length]);
    }

    /** Leaves the group. The others notice at their next collective call. */
    @Override
    public void close() {
        nccl.ifPresent(NcclGroup::close);
        if (gloo != null) {
            gloo.close();
        }
    }
}
