package io.github.hiera4j.torch.train;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.GradientSession;
import io.github.hiera4j.model.backend.NativeHold;
import io.github.hiera4j.model.backend.RunGuard;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.Node;
import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.torch.NativeTensors;
import io.github.hiera4j.torch.SessionWeights;
import io.github.hiera4j.torch.TensorScope;
import io.github.hiera4j.torch.TorchKernels;
import io.github.hiera4j.torch.TorchThreads;
import io.github.hiera4j.torch.tape.StepTimes;
import io.github.hiera4j.torch.tape.Tape;
import io.github.hiera4j.torch.tape.Variable;
import java.lang.ref.Reference;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** A graph and its weights in libtorch's memory; every pass has its own tape, so passes may overlap. */
final class TorchGradientSession implements GradientSession {
    private final Graph graph;
    private final CompileOptions options;
    private final SessionWeights weights;
    private final RunGuard guard = RunGuard.ofModel();
    private final NativeHold hold;

    TorchGradientSession(Graph graph, WeightSource source, CompileOptions options) {
        this.graph = graph;
        this.options = options;
        TorchThreads.requireSettable(options.threads());
        SessionWeights loaded =
                new SessionWeights(graph, source, NativeTensors.device(options.device()), ScalarType.Float);
        RunGuard users = guard;
        weights = loaded;
        hold = NativeHold.of(this, "a model that computes gradients", () -> users.close(loaded::close));
    }

    @Override
    public Pass differentiate(Map<String, HostTensor> inputs, String output, HostTensor factors, List<String> nodes) {
        try (RunGuard.Run run = guard.enter();
                TorchThreads.Change threads = TorchThreads.change(options.threads());
                TensorScope scope = new TensorScope();
                InferenceMode quiet = new InferenceMode()) {
            return pass(scope, inputs, output, factors, nodes);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private Pass pass(
            TensorScope scope, Map<String, HostTensor> inputs, String output, HostTensor factors, List<String> wanted) {
        graph.output(output);
        Device device = NativeTensors.device(options.device());
        Map<String, Tensor> feeds = Feeding.feeds(scope, graph, inputs, device, ScalarType.Float);
        Map<String, Variable> fed = new LinkedHashMap<>();
        feeds.forEach((name, tensor) -> fed.put(name, Variable.fed(scope, tensor, isFloating(name))));
        Tape tape = new Tape(scope, new TorchKernels(scope, ScalarType.Float, device), StepTimes.NONE);
        Set<String> watched = new HashSet<>(wanted);
        Map<String, Variable> found = new LinkedHashMap<>();
        Map<String, Shape> shapes = new LinkedHashMap<>();
        Map<String, Variable> outputs =
                graph.execute(tape, name -> Variable.fed(scope, weights.tensor(name), false), fed, (node, variable) -> {
                    if (watched.contains(node.name())) {
                        variable.watch();
                        found.put(node.name(), variable);
                        shapes.put(node.name(), sizes(variable));
                    }
                });
        for (String name : wanted) {
            check(found.containsKey(name), "the graph has no node '%s' to differentiate by", name);
        }
        Variable result = Objects.requireNonNull(outputs.get(output));
        check(
                factors.shape().equals(sizes(result)),
                "the output '%s' is %s, the weights of its sum are %s",
                output,
                sizes(result),
                factors.shape());
        Map<String, HostTensor> values = new LinkedHashMap<>();
        outputs.forEach((name, variable) -> values.put(name, NativeTensors.toHost(variable.value())));
        result.accumulate(NativeTensors.copyOf(factors, device, ScalarType.Float));
        tape.backward();
        Map<String, HostTensor> gradients = new LinkedHashMap<>();
        found.forEach((name, variable) -> {
            Tensor gradient = variable.gradient();
            gradients.put(
                    name,
                    gradient == null
                            ? HostTensor.allocate(DType.FLOAT32, Objects.requireNonNull(shapes.get(name)))
                            : NativeTensors.toHost(gradient));
        });
        return new Pass(values, gradients);
    }

    private boolean isFloating(String input) {
        Node node = Objects.requireNonNull(graph.inputs().get(input));
        return ((Op.Input) node.op()).dtype() != DType.INT64;
    }

    private static Shape sizes(Variable variable) {
        long[] sizes = Tape.sizes(variable);
        int[] narrow = new int[sizes.length];
        for (int axis = 0; axis < sizes.length; axis++) {
            narrow[axis] = Math.toIntExact(sizes[axis]);
        }
        return Shape.of(narrow);
    }

    @Override
    public long nativeBytes() {
        return weights.bytes();
    }

    @Override
    public void close() {
        hold.release();
    }
}
