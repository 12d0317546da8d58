package io.github.hiera4j.model.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.reference.ReferenceBackend;
import io.github.hiera4j.model.tensor.HostTensor;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The networks at both ends of the ladder. */
class LadderEqualityTest {
    private static final HieraConfig SMALL = HieraConfig.image()
            .inputSize(List.of(64, 96))
            .embedDim(8)
            .numHeads(2)
            .stages(List.of(1, 2, 1, 1))
            .numClasses(5)
            .build();

    @Test
    void theFirstRungIsMViTv2() {
        assertThat(logits(LadderConfig.of(SMALL, Rung.ZERO).inferenceGraph()))
                .isEqualTo(logits(MViTv2Config.image(SMALL, true).inferenceGraph()));
    }

    @Test
    void theLastRungIsHiera() {
        assertThat(logits(LadderConfig.of(SMALL, Rung.F).inferenceGraph())).isEqualTo(logits(SMALL.inferenceGraph()));
    }

    @Test
    void everyRungBetweenThemDiffersFromItsNeighbours() {
        double[] previous = {};
        for (Rung rung : Rung.values()) {
            double[] own = logits(LadderConfig.of(SMALL, rung).inferenceGraph());
            assertThat(own).as("rung %s", rung.label()).isNotEqualTo(previous).hasSize(15);
            previous = own;
        }
    }

    @Test
    void whatIsNoRungIsRefused() {
        assertThatThrownBy(() -> Rung.parse("g"))
                .isInstanceOf(HieraException.class)
                .hasMessage("unknown rung: expected one of 0, a, b, c, d, e, f");
        HieraConfig video = HieraConfig.video().build();
        assertThatThrownBy(() -> LadderConfig.of(video, Rung.ZERO))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("choose an mvitv2 model");
    }

    private static double[] logits(Graph graph) {
        Graph selected = graph.select(List.of(Hiera.LOGITS));
        FormulaWeights weights = new FormulaWeights(selected.parameters());
        HostTensor pixels = FormulaWeights.tensor(
                "input",
                Objects.requireNonNull(selected.inputs().get(HieraEncoder.INPUT))
                        .shape()
                        .withBatch(3));
        try (Session session = new ReferenceBackend().compile(selected, weights, CompileOptions.DEFAULT)) {
            return Objects.requireNonNull(
                            session.run(Map.of(HieraEncoder.INPUT, pixels)).get(Hiera.LOGITS))
                    .toDoubles();
        }
    }
}
