package io.github.hiera4j.model.quantize;

import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.Node;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.weights.WeightSource;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Runs a model in float32 and collects statistics of its layers' inputs, a few tensors at a time so that memory stays bounded. */
final class ActivationStatistics implements AutoCloseable {
    /** Maximum number of bytes of activations in memory at a time. */
    private static final long HELD_BYTES = 256L << 20;

    private final Session session;
    private final String input;
    private final List<HostTensor> samples;
    private final Collection<Node> observed;

    /** @param samples the graph's only input, batches of any size; each sample is run separately */
    ActivationStatistics(
            Graph graph,
            WeightSource weights,
            Backend engine,
            CompileOptions options,
            List<HostTensor> samples,
            Collection<Node> observed) {
        this.samples = samples;
        this.observed = observed;
        this.input = graph.inputs().keySet().iterator().next();
        List<String> names = observed.stream().map(Node::name).toList();
        session = engine.compile(graph.exposing(names), weights, options.withDtype(DType.FLOAT32));
    }

    private interface Observer {
        void see(Node node, FloatBuffer values);
    }

    /** Returns the largest magnitude in every channel of every observed tensor. */
    Map<Node, float[]> channelMaxima() {
        Map<Node, float[]> maxima = new HashMap<>();
        observe((node, values) -> {
            float[] largest = maxima.computeIfAbsent(
                    node, first -> new float[first.shape().size(-1)]);
            for (int i = 0; i < values.limit(); i++) {
                int channel = i % largest.length;
                largest[channel] = Math.max(largest[channel], Math.abs(values.get(i)));
            }
        });
        return maxima;
    }

    /** Returns the distribution of the values of every observed tensor, after division by the channel's divisor if it has one. */
    Map<Node, ActivationRange> ranges(Map<Node, float[]> divisors) {
        Map<Node, ActivationRange> ranges = new HashMap<>();
        observe((node, values) -> {
            float[] divisor = divisors.get(node);
            if (divisor == null) {
                divisor = new float[node.shape().size(-1)];
                Arrays.fill(divisor, 1);
            }
            ranges.computeIfAbsent(node, first -> new ActivationRange()).add(values, divisor);
        });
        return ranges;
    }

    /** Returns the outputs of every sample. */
    List<HostTensor> outputs(String output) {
        return outputs(session, input, samples, output);
    }

    static List<HostTensor> outputs(Session session, String input, List<HostTensor> samples, String output) {
        List<HostTensor> results = new ArrayList<>();
        for (HostTensor sample : samples) {
            results.add(Objects.requireNonNull(
                    session.run(Map.of(input, sample), List.of(output)).get(output)));
        }
        return results;
    }

    private void observe(Observer observer) {
        for (List<Node> group : groups()) {
            List<String> names = group.stream().map(Node::name).toList();
            for (HostTensor sample : samples) {
                Map<String, HostTensor> seen = session.run(Map.of(input, sample), names);
                for (Node node : group) {
                    observer.see(
                            node, Objects.requireNonNull(seen.get(node.name())).floats());
                }
            }
        }
    }

    private List<List<Node>> groups() {
        List<List<Node>> groups = new ArrayList<>();
        long bytes = HELD_BYTES;
        for (Node node : observed) {
            long size = node.shape().withBatch(1).elements() * Float.BYTES;
            if (bytes + size > HELD_BYTES) {
                groups.add(new ArrayList<>());
                bytes = 0;
            }
            groups.get(groups.size() - 1).add(node);
            bytes += size;
        }
        return groups;
    }

    @Override
    public void close() {
        session.close();
    }
}
