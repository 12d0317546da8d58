package io.github.hiera4j.torch.distributed;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.natives.NativeDefaults;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.SizeTPointer;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.BroadcastOptions;
import org.bytedeco.pytorch.GlooDeviceVector;
import org.bytedeco.pytorch.PrefixStore;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.Store;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.TCPStoreOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Work;
import org.bytedeco.pytorch.global.torch_gloo;

/** libtorch's Gloo: collectives over TCP between CPUs. All calls of Gloo are in this class. */
final class GlooGroup implements AutoCloseable {
    private static final int THREADS = 2; // collectives in progress at a time

    static {
        NativeDefaults.load(torch_gloo.class);
    }

    private final ProcessPlace place;
    private final TCPStore store;
    private final ProcessGroupGloo group;

    private GlooGroup(ProcessPlace place, TCPStore store, ProcessGroupGloo group) {
        this.place = place;
        this.store = store;
        this.group = group;
    }

    /** Finds the other processes through rank 0's store, then connects to each of them. */
    static GlooGroup join(ProcessPlace place) {
        InetAddress master = masterAddress(place);
        return explained(place, "the processes cannot connect", () -> {
            try (PointerScope scope = new PointerScope()) {
                TCPStoreOptions options = new TCPStoreOptions();
                options.port((short) place.port());
                options.isServer(place.rank() == 0);
                options.numWorkers(new SizeTPointer(1).put(place.size()));
                options.waitWorkers(false); // the roll call below waits, and compares ranks and sizes
                options.timeout(milliseconds(place.timeout()));
                TCPStore store = new TCPStore(place.address(), options);
                new RollCall(place, store).answer();
                ProcessGroupGloo.Options gloo = ProcessGroupGloo.Options.create(milliseconds(place.timeout()));
                gloo.devices(new GlooDeviceVector(ProcessGroupGloo.createDeviceForHostname(ownAddress(place, master))));
                gloo.threads(THREADS);
                ProcessGroupGloo group = new ProcessGroupGloo(store, place.rank(), place.size(), gloo);
                store.retainReference();
                group.retainReference();
                return new GlooGroup(place, store, group);
            }
        });
    }

    private static Milliseconds milliseconds(Duration duration) {
        return new Milliseconds(duration.toMillis());
    }

    private static InetAddress masterAddress(ProcessPlace place) {
        try {
            return InetAddress.getByName(place.address());
        } catch (UnknownHostException unknown) {
            throw new HieraException("MASTER_ADDR=" + Printable.of(place.address()) + " is not a known host", unknown);
        }
    }

    /** Returns the local address from which rank 0 is reached; the others reach this process there too. */
    private static String ownAddress(ProcessPlace place, InetAddress master) {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(master, place.port())); // sends nothing
            return socket.getLocalAddress().getHostAddress();
        } catch (IOException unreachable) {
            throw new HieraException(
                    "MASTER_ADDR=" + Printable.of(place.address()) + " cannot be reached from this machine",
                    unreachable);
        }
    }

    PendingSum sum(Tensor tensor) {
        String what = "a sum over all processes";
        return explained(place, what, () -> {
            Work work = group.allreduce(new TensorVector(tensor));
            return pending(place, work, what);
        });
    }

    /** Starts to replace a tensor with that of another process. */
    PendingSum broadcast(Tensor tensor, int root) {
        String what = "sending to all processes";
        return explained(place, what, () -> {
            BroadcastOptions options = new BroadcastOptions();
            options.rootRank(root);
            Work work = group.broadcast(new TensorVector(tensor), options);
            return pending(place, work, what);
        });
    }

    /** Starts an all-gather of tensors of equal length, in the order of the ranks. */
    PendingSum gather(Tensor own, Tensor all) {
        String what = "gathering the parts of all processes";
        return explained(place, what, () -> {
            Work work = group._allgather_base(all, own);
            return pending(place, work, what);
        });
    }

    /** The same processes between their GPUs. */
    NcclGroup betweenGpus() {
        return explained(place, "NCCL", () -> {
            try (PointerScope scope = new PointerScope()) {
                return new NcclGroup(place, storeFor("nccl"));
            }
        });
    }

    /**
     * Returns another connection to rank 0's store, for keys of its own; the handle belongs to the current scope, the store lives as long
     * as a group uses it. Only stores that libtorch has created, such as a clone, count their users; others, which Java has created, are
     * freed with their handle, and end the process when a second group uses them.
     */
    Store storeFor(String prefix) {
        return new PrefixStore(prefix, store.clone()).clone();
    }

    static PendingSum pending(ProcessPlace place, Work work, String what) {
        return new PendingSum() {
            @Override
            public void await() {
                explained(place, what, work::_wait);
            }

            @Override
            public boolean isComplete() {
                return work.isCompleted();
            }
        };
    }

    static <T> T explained(ProcessPlace place, String what, Supplier<T> action) {
        try {
            return action.get();
        } catch (HieraException known) {
            throw known;
        } catch (RuntimeException failure) {
            String text = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
            if (text.contains("eaddrinuse") || text.contains("address already in use")) {
                throw new HieraException(
                        "MASTER_PORT=" + place.port()
                                + " is in use on this machine: choose a free port, the same for all" + " processes",
                        failure);
            }
            boolean late = text.contains("timeout") || text.contains("timed out");
            throw new LostProcessException(
                    String.format(
                            Locale.ROOT,
                            "rank %d of %d: %s: %s",
                            place.rank(),
                            place.size(),
                            what,
                            late
                                    ? "another process did not answer within "
                                            + place.timeout().toSeconds() + " s (" + ProcessPlace.TIMEOUT
                                            + "): it hangs or cannot be reached"
                                    : "another process ended or the connection to it broke"),
                    failure);
        }
    }

    @Override
    public void close() {
        group.releaseReference();
        store.releaseReference();
    }
}
