package io.github.hiera4j.torch.distributed;

import io.github.hiera4j.natives.NativeDefaults;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.SizeTPointer;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.BroadcastOptions;
import org.bytedeco.pytorch.GlooDeviceVector;
import org.bytedeco.pytorch.ProcessGroupGloo;
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
        NativeDefaults.apply();
        Loader.load(torch_gloo.class);
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
        return explained(place, "the processes cannot connect", () -> {
            try (PointerScope scope = new PointerScope()) {
                TCPStoreOptions options = new TCPStoreOptions();
                options.port((short) place.port());
                options.isServer(place.rank() == 0);
                options.numWorkers(new SizeTPointer(1).put(place.size()));
                options.waitWorkers(true);
                options.timeout(milliseconds(place.timeout()));
                TCPStore store = new TCPStore(place.address(), options);
                ProcessGroupGloo.Options gloo = ProcessGroupGloo.Options.create(milliseconds(place.timeout()));
                gloo.devices(new GlooDeviceVector(ProcessGroupGloo.createDeviceForHostname(ownAddress(place))));
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

    /** Returns the local address from which rank 0 is reached; the others reach this process there too. */
    private static String ownAddress(ProcessPlace place) {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(
                    new InetSocketAddress(InetAddress.getByName(place.address()), place.port())); // sends nothing
            return socket.getLocalAddress().getHostAddress();
        } catch (IOException unknown) {
            throw new IllegalStateException("MASTER_ADDR=" + place.address() + " is not a known host", unknown);
        }
    }

    PendingSum sum(Tensor tensor) {
        String what = "a sum over all processes";
        return explained(place, what, () -> {
            Work work = group.allreduce(new TensorVector(tensor));
            return () -> await(work, what);
        });
    }

    /** Starts to replace a tensor with that of another process. */
    PendingSum broadcast(Tensor tensor, int root) {
        String what = "sending to all processes";
        return explained(place, what, () -> {
            BroadcastOptions options = new BroadcastOptions();
            options.rootRank(root);
            Work work = group.broadcast(new TensorVector(tensor), options);
            return () -> await(work, what);
        });
    }

    /** The same processes between their GPUs. */
    NcclGroup betweenGpus() {
        return explained(place, "NCCL", () -> new NcclGroup(place, store));
    }

    private void await(Work work, String what) {
        explained(place, what, work::_wait);
    }

    static <T> T explained(ProcessPlace place, String what, Supplier<T> action) {
        try {
            return action.get();
        } catch (LostProcessException known) {
            throw known;
        } catch (RuntimeException failure) {
            String text = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
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
