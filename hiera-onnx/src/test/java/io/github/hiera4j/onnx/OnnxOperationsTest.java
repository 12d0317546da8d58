package io.github.hiera4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.reference.ReferenceBackend;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Operations that no golden of an encoder covers, compared with plain Java. */
class OnnxOperationsTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"0,true", "0,false", "2,true", "2,false"})
    void regionsOfAPyramidEqualThoseOfPlainJava(int samplingRatio, boolean aligned) {
        GraphBuilder g = new GraphBuilder();
        Value fine = g.input("fine", Shape.of(2, 16, 20, 3));
        Value coarse = g.input("coarse", Shape.of(2, 8, 10, 3));
        Value boxes = g.input("boxes", Shape.batched(6));
        Op.RoiAlign regions = new Op.RoiAlign(5, 4, List.of(0.25, 0.125), samplingRatio, aligned);
        g.output("regions", g.roiAlign(regions, List.of(fine, coarse), boxes));
        Map<String, HostTensor> feeds = new LinkedHashMap<>();
        feeds.put("fine", FormulaWeights.tensor("input_fine", Shape.of(2, 16, 20, 3)));
        feeds.put("coarse", FormulaWeights.tensor("input_coarse", Shape.of(2, 8, 10, 3)));
        feeds.put(
                "boxes",
                HostTensor.of(
                        Shape.of(5, 6),
                        0,
                        0,
                        3.5f,
                        2,
                        30,
                        21,
                        1,
                        1,
                        0,
                        0,
                        79,
                        63,
                        1,
                        0,
                        -9,
                        -4,
                        12,
                        70,
                        0,
                        1,
                        40,
                        10,
                        44,
                        60,
                        1,
                        0,
                        10,
                        10,
                        10.5f,
                        10.25f));
        assertEqual(g.build(), feeds);
    }

    @Test
    void lossesEqualThoseOfPlainJava() {
        Shape shape = Shape.batched(7);
        GraphBuilder g = new GraphBuilder();
        Value x = g.input("x", shape);
        Value target = g.input("target", shape);
        Value weight = g.input("weight", shape);
        g.output("mean_squared", g.meanSquaredError(x, target));
        g.output("cross_entropy", g.crossEntropy(x, target));
        g.output("smooth", g.smoothL1(x, target, weight, 0.3));
        g.output("absolute", g.smoothL1(x, target, weight, 0));
        g.output("binary", g.binaryCrossEntropy(x, target, weight));
        Map<String, HostTensor> feeds = new LinkedHashMap<>();
        for (String name : List.of("x", "target", "weight")) {
            feeds.put(name, FormulaWeights.tensor("input_" + name, Shape.of(5, 7)));
        }
        assertEqual(g.build(), feeds);
    }

    private void assertEqual(Graph graph, Map<String, HostTensor> feeds) {
        FormulaWeights none = new FormulaWeights(Map.of());
        try (Session exact = new ReferenceBackend().compile(graph, none, CompileOptions.DEFAULT);
                Session tested = new OnnxRuntimeBackend(directory).compile(graph, none, CompileOptions.DEFAULT)) {
            Map<String, HostTensor> expected = exact.run(feeds);
            Map<String, HostTensor> made = tested.run(feeds);
            expected.forEach((name, tensor) -> {
                HostTensor other = Objects.requireNonNull(made.get(name));
                assertThat(other.shape()).isEqualTo(tensor.shape());
                for (int i = 0; i < tensor.elements(); i++) {
                    assertThat(other.get(i)).as("%s[%d]", name, i).isCloseTo(tensor.get(i), within());
                }
            });
        }
    }

    private static org.assertj.core.data.Offset<Double> within() {
        return org.assertj.core.data.Offset.offset(2e-5);
    }
}
