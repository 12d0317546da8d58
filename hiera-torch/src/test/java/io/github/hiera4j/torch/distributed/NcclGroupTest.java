package io.github.hiera4j.torch.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.hiera4j.torch.TensorScope;
import io.github.hiera4j.torch.TestDevice;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

/** NCCL's collectives with one GPU: the group is created, and every collective runs and keeps the values. */
class NcclGroupTest {
    @Test
    void oneProcessKeepsItsValues() throws IOException {
        assumeTrue(TestDevice.hasGpu() && NcclGroup.isAvailable(), "needs a GPU and -Pgpu");
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        ProcessPlace place = new ProcessPlace(0, 1, "127.0.0.1", port, 0, 1, Duration.ofSeconds(30));
        try (TensorScope scope = new TensorScope();
                GlooGroup gloo = GlooGroup.join(place);
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
