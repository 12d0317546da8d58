package io.github.hiera4j.torch.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.hiera4j.torch.TensorScope;
import io.github.hiera4j.torch.TestedTorch;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.ByteVector;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.GlooDeviceVector;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.Store;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

/** A second group beside Gloo's: its store, and NCCL's collectives with one GPU. */
class NcclGroupTest {
    private static ProcessPlace place() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = socket.getLocalPort();
            return new ProcessPlace(0, 1, "127.0.0.1", port, 0, 1, Duration.ofSeconds(30));
        }
    }

    @Test
    void everyGroupHasAStoreOfItsOwn() throws IOException {
        try (TensorScope scope = new TensorScope();
                GlooGroup gloo = GlooGroup.join(place())) {
            Store one = gloo.storeFor("one");
            Store other = gloo.storeFor("other");
            one.set("key", new ByteVector((byte) 1));
            other.set("key", new ByteVector((byte) 2, (byte) 3));
            assertThat(one.get("key").get()).containsExactly(1);
            assertThat(other.get("key").get()).containsExactly(2, 3);
        }
    }

    @Test
    void aStoreServesSeveralGroupsAndOutlivesItsHandle() throws IOException {
        try (TensorScope scope = new TensorScope();
                GlooGroup gloo = GlooGroup.join(place())) {
            List<ProcessGroupGloo> groups = new ArrayList<>();
            try (PointerScope inner = new PointerScope()) {
                Store store = gloo.storeFor("several");
                for (int i = 0; i < 2; i++) {
                    groups.add(group(store));
                }
            }
            for (ProcessGroupGloo group : groups) {
                Tensor values = torch.ones(1000);
                group.allreduce(new TensorVector(values))._wait();
                assertThat(values.equal(torch.ones(1000))).isTrue();
                group.releaseReference();
            }
        }
    }

    private static ProcessGroupGloo group(Store store) {
        ProcessGroupGloo.Options options = ProcessGroupGloo.Options.create(new Milliseconds(30_000));
        options.devices(new GlooDeviceVector(ProcessGroupGloo.createDeviceForHostname("127.0.0.1")));
        options.threads(1);
        ProcessGroupGloo group = new ProcessGroupGloo(store, 0, 1, options);
        group.retainReference();
        return group;
    }

    @Test
    void oneProcessKeepsItsValues() throws IOException {
        assumeTrue(TestedTorch.hasGpu() && NcclGroup.isAvailable(), "needs a GPU and -Pgpu");
        try (TensorScope scope = new TensorScope();
                GlooGroup gloo = GlooGroup.join(place());
                NcclGroup group = gloo.betweenGpus()) {
            Tensor values = torch.randn(1000).to(new Device("cuda:0"), ScalarType.Float);
            Tensor before = values.clone();
            group.sum(values).await();
            group.broadcast(values, 0).await();
            Tensor gathered = torch.zeros_like(values);
            group.gather(values, gathered).await();
            assertThat(values.equal(before)).isTrue();
            assertThat(gathered.equal(before)).isTrue();
        }
    }
}
