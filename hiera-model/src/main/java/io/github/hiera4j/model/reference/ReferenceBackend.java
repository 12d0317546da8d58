package io.github.hiera4j.model.reference;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.backend.Availability;
import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Feeds;
import io.github.hiera4j.model.backend.RunGuard;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Plain Java in double precision: exact, portable, and slow (a base model takes about half a minute per image). */
public final class ReferenceBackend implements Backend {
    @Override
    public String name() {
        return "reference";
    }

    @Override
    public Availability availability() {
        return Availability.usable("plain Java, float64");
    }

    @Override
    public int priority() {
        return 0;
    }

    @Override
    public Availability supports(CompileOptions options) {
        boolean able = options.device().equals("cpu")
                && (options.dtype() == DType.FLOAT32 || options.dtype() == DType.FLOAT64);
        return able ? availability() : Availability.unusable("computes in float64 on the cpu");
    }

    /** Computes in float64 even if float32 is requested; returns float64 outputs. */
    @Override
    public Session compile(Graph graph, WeightSource weights, CompileOptions options) {
        check(
                supports(options).usable(),
                "backend 'reference' computes in float64 on the cpu, not in %s on %s",
                options.dtype(),
                options.device());
        Map<String, DoubleTensor> parameters = new LinkedHashMap<>();
        graph.parameters().forEach((name, shape) -> parameters.put(name, DoubleTensor.of(weights.read(name, shape))));
        return new ReferenceSession(graph, parameters);
    }

    private static final class ReferenceSession implements Session {
        private final Graph graph;
        private final Map<String, DoubleTensor> parameters;
        private final RunGuard guard = RunGuard.ofModel();

        ReferenceSession(Graph graph, Map<String, DoubleTensor> parameters) {
            this.graph = graph;
            this.parameters = parameters;
        }

        @Override
        public Graph graph() {
            return graph;
        }

        @Override
        public Map<String, HostTensor> run(Map<String, HostTensor> inputs, List<String> outputs) {
            try (RunGuard.Run run = guard.enter()) {
                Graph selected = graph.select(outputs);
                Feeds.validate(selected, selected.inputs().keySet(), inputs, true);
                Map<String, DoubleTensor> feeds = new LinkedHashMap<>();
                selected.inputs()
                        .keySet()
                        .forEach(name -> feeds.put(name, DoubleTensor.of(Objects.requireNonNull(inputs.get(name)))));
                Map<String, HostTensor> results = new LinkedHashMap<>();
                selected.execute(new ReferenceKernels(), name -> Objects.requireNonNull(parameters.get(name)), feeds)
                        .forEach((name, tensor) -> results.put(name, tensor.toHost()));
                return results;
            }
        }

        @Override
        public long nativeBytes() {
            return 0;
        }

        @Override
        public void close() {
            guard.close(parameters::clear);
        }
    }
}
