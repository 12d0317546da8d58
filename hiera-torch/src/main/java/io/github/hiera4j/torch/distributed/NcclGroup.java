package io.github.hiera4j.torch.distributed;

import io.github.hiera4j.natives.NativeDefaults;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.BroadcastOptions;
import org.bytedeco.pytorch.Store;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Work;
import org.bytedeco.pytorch.global.torch_nccl;
import org.bytedeco.pytorch.nccl.ProcessGroupNCCL;

/**
 * NCCL: collectives between GPUs without copies through host memory. It requires libtorch's GPU artifacts and {@code org.bytedeco:cuda}.
 * All calls of NCCL are in this class. It has run with one GPU, not yet with several.
 */
final class NcclGroup implements AutoCloseable {
    private final ProcessPlace place;
    private final ProcessGroupNCCL group;

    /**
     * Connects at the first collective call.
     *
     * @param store keys that no other group uses
     */
    NcclGroup(ProcessPlace place, Store store) {
        this.place = place;
        try (PointerScope scope = new PointerScope()) {
            ProcessGroupNCCL.Options options = ProcessGroupNCCL.Options.create();
            options.timeout(new Milliseconds(place.timeout().toMillis()));
            group = new ProcessGroupNCCL(store, place.rank(), place.size(), options);
            group.retainReference();
        }
    }

    /** Returns whether the artifacts on the class path include it. */
    static boolean isAvailable() {
        try {
            NativeDefaults.load(torch_nccl.class);
            return true;
        } catch (LinkageError | TypeNotPresentException absent) { // the CPU artifacts include only its classes
            return false;
        }
    }

    PendingSum sum(Tensor tensor) {
        String what = "a sum over all GPUs";
        return GlooGroup.explained(place, what, () -> {
            Work work = group.allreduce(new TensorVector(tensor));
            return GlooGroup.pending(place, work, what);
        });
    }

    PendingSum broadcast(Tensor tensor, int root) {
        String what = "sending to all GPUs";
        return GlooGroup.explained(place, what, () -> {
            BroadcastOptions options = new BroadcastOptions();
            options.rootRank(root);
            Work work = group.broadcast(new TensorVector(tensor), options);
            return GlooGroup.pending(place, work, what);
        });
    }

    PendingSum gather(Tensor own, Tensor all) {
        String what = "gathering the parts of all GPUs";
        return GlooGroup.explained(place, what, () -> {
            Work work = group._allgather_base(all, own);
            return GlooGroup.pending(place, work, what);
        });
    }

    @Override
    public void close() {
        group.releaseReference();
    }
}
