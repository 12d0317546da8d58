package io.github.hiera4j.torch.train;

import io.github.hiera4j.model.backend.NativeHold;
import io.github.hiera4j.model.backend.RunGuard;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.torch.TensorScope;
import io.github.hiera4j.torch.TorchKernels;
import io.github.hiera4j.torch.TorchThreads;
import io.github.hiera4j.torch.Transfers;
import java.lang.ref.Reference;
import java.util.Map;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A copy of the parameters in the compute type, for evaluation between two steps. {@link #close} waits for runs in progress; a
 * copy that is never closed is logged and freed when the garbage collector finds it.
 */
public final class FrozenWeights implements AutoCloseable {
    private final FlatVector values;
    private final ScalarType type;
    private final Device device;
    private final int threads;
    private final RunGuard guard = new RunGuard("the frozen weights are closed: freeze the trainer's weights again");
    private final NativeHold hold;

    /** @param threads threads of every run; 0 leaves the number unchanged */
    FrozenWeights(FlatLayout layout, FlatVector source, ScalarType type, Device device, int threads) {
        this.threads = threads;
        this.type = type;
        this.device = device;
        FlatVector copy = new FlatVector(layout, type, device);
        try {
            copy.copyFrom(source);
        } catch (RuntimeException | Error failure) {
            copy.close();
            throw failure;
        }
        RunGuard users = guard;
        values = copy;
        hold = NativeHold.of(this, "a copy of a trainer's weights", () -> users.close(copy::close));
    }

    /**
     * Runs a graph whose parameters are among these; throws a {@code HieraException} after {@link #close}.
     *
     * @param graph the network
     * @param inputs the inputs of the graph, by name
     * @return the outputs by name
     */
    public StepOutputs run(Graph graph, Map<String, HostTensor> inputs) {
        try (RunGuard.Run run = guard.enter();
                TorchThreads.Change change = TorchThreads.change(threads);
                TensorScope scope = new TensorScope();
                InferenceMode quiet = new InferenceMode()) {
            Map<String, Tensor> feeds = Feeding.feeds(scope, graph, inputs, device, type);
            Map<String, Tensor> outputs = graph.execute(new TorchKernels(scope, type, device), values::view, feeds);
            return new StepOutputs(Transfers.toHost(outputs));
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public void close() {
        hold.release();
    }
}
