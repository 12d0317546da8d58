package io.github.hiera4j.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.hiera4j.model.backend.Availability;
import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Feeds;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.WeightSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Exports a graph and runs the file with ONNX Runtime, as a backend for every golden case. */
final class OnnxRuntimeBackend implements Backend {
    private final Path directory;
    private final UnaryOperator<OnnxOptions> options;

    /** A backend that writes its files to a directory, with the given options. */
    OnnxRuntimeBackend(Path directory, UnaryOperator<OnnxOptions> options) {
        this.directory = directory;
        this.options = options;
    }

    OnnxRuntimeBackend(Path directory) {
        this(directory, UnaryOperator.identity());
    }

    @Override
    public String name() {
        return "onnxruntime";
    }

    @Override
    public Availability availability() {
        return Availability.usable("ONNX Runtime");
    }

    @Override
    public int priority() {
        return -1;
    }

    @Override
    public Session compile(Graph graph, WeightSource weights, CompileOptions compile) {
        return new RuntimeSession(
                graph,
                weights,
                directory,
                options.apply(OnnxOptions.of(compile.dtype(), Optional.empty())),
                new HashMap<>());
    }

    /** Exports each selection of outputs on first request, because a file requires all of its inputs. */
    private record RuntimeSession(
            Graph graph, WeightSource weights, Path directory, OnnxOptions options, Map<List<String>, OnnxModel> models)
            implements Session {
        @Override
        public Map<String, HostTensor> run(Map<String, HostTensor> inputs, List<String> outputs) {
            Graph selected = graph.select(outputs);
            Feeds.validate(selected, inputs);
            return models.computeIfAbsent(outputs, names -> export(selected)).run(inputs, outputs);
        }

        private OnnxModel export(Graph selected) {
            Path file = directory.resolve("model-" + System.nanoTime() + ".onnx");
            List<Path> files = OnnxExport.write(file, new OnnxGraph("test", selected), weights, options, Map.of());
            try {
                OnnxModel model = new OnnxModel(file);
                for (Path each : files) {
                    Files.delete(each);
                }
                return model;
            } catch (IOException fault) {
                throw new UncheckedIOException(fault);
            }
        }

        @Override
        public long nativeBytes() {
            return 0;
        }

        @Override
        public void close() {
            models.values().forEach(OnnxModel::close);
        }
    }

    /** A file, loaded by ONNX Runtime. */
    static final class OnnxModel implements AutoCloseable {
        private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
        private final OrtSession session;

        OnnxModel(Path file) {
            try (OrtSession.SessionOptions settings = new OrtSession.SessionOptions()) {
                settings.setIntraOpNumThreads(2);
                session = environment.createSession(file.toString(), settings);
            } catch (OrtException fault) {
                throw new AssertionError(file + ": ONNX Runtime refuses it: " + fault.getMessage(), fault);
            }
        }

        Set<String> inputs() {
            return session.getInputNames();
        }

        Set<String> outputs() {
            return session.getOutputNames();
        }

        OrtSession session() {
            return session;
        }

        /** Returns every output, or only the named ones. */
        Map<String, HostTensor> run(Map<String, HostTensor> feeds, List<String> outputs) {
            Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
            try {
                for (String name : session.getInputNames()) {
                    inputs.put(name, tensor(Objects.requireNonNull(feeds.get(name), name)));
                }
                try (OrtSession.Result results = session.run(inputs, Set.copyOf(outputs))) {
                    Map<String, HostTensor> made = new LinkedHashMap<>();
                    for (String name : outputs) {
                        made.put(name, host((OnnxTensor) results.get(name).orElseThrow()));
                    }
                    return made;
                }
            } catch (OrtException fault) {
                throw new AssertionError(fault.getMessage(), fault);
            } finally {
                inputs.values().forEach(OnnxTensor::close);
            }
        }

        private OnnxTensor tensor(HostTensor fed) throws OrtException {
            long[] shape = Arrays.stream(fed.shape().sizes()).asLongStream().toArray();
            return switch (fed.dtype()) {
                case FLOAT32 -> OnnxTensor.createTensor(environment, fed.floats(), shape);
                case INT64 -> OnnxTensor.createTensor(environment, fed.longs(), shape);
                case UINT8 ->
                    OnnxTensor.createTensor(environment, fed.bytes(), shape, ai.onnxruntime.OnnxJavaType.UINT8);
                default -> throw new IllegalArgumentException(fed.toString());
            };
        }

        private static HostTensor host(OnnxTensor tensor) {
            int[] sizes = Arrays.stream(tensor.getInfo().getShape())
                    .mapToInt(Math::toIntExact)
                    .toArray();
            HostTensor host = HostTensor.allocate(DType.FLOAT32, Shape.of(sizes));
            host.floats().put(Objects.requireNonNull(tensor.getFloatBuffer()));
            return host;
        }

        @Override
        public void close() {
            try {
                session.close();
            } catch (OrtException fault) {
                throw new AssertionError(fault);
            }
        }
    }
}
