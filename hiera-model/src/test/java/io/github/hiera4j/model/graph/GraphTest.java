package io.github.hiera4j.model.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraVariant;
import io.github.hiera4j.model.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class GraphTest {

    @Test
    void selectingAnOutputDropsWhatOnlyOthersNeed() {
        Graph whole = HieraVariant.HIERA_TINY_224.config().inferenceGraph();
        Graph firstStage = whole.select(Hiera.stage(1));
        assertThat(firstStage.nodes().size()).isLessThan(whole.nodes().size() / 5);
        assertThat(firstStage.parameters().keySet())
                .contains("blocks.0.attn.qkv.weight")
                .doesNotContain("norm.weight");
    }

    @Test
    void aConcreteBatchLeavesNoSymbolicShape() {
        Graph eight = HieraVariant.HIERA_TINY_224.config().inferenceGraph().withBatch(8);
        assertThat(eight.nodes()).noneMatch(node -> node.shape().isSymbolic());
        assertThat(eight.output(Hiera.LOGITS).shape()).isEqualTo(Shape.of(8, 1000));
    }

    @Test
    void aShapeErrorNamesTheNodeAndBothShapes() {
        GraphBuilder g = new GraphBuilder();
        Value x = g.input("x", Shape.batched(4, 6));
        Value y = g.input("y", Shape.batched(4, 7));
        assertThatThrownBy(() -> g.scope("blocks.7").add(x, y))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("blocks.7.add")
                .hasMessageContaining("[B, 4, 6]")
                .hasMessageContaining("[B, 4, 7]");
    }

    @Test
    void anUnknownOutputIsAnErrorThatListsTheKnownOnes() {
        Graph graph = HieraVariant.HIERA_TINY_224.config().inferenceGraph();
        assertThatThrownBy(() -> graph.select("stage9"))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("stage9")
                .hasMessageContaining("stage4");
    }

    @Test
    void theBatchNeverLeavesTheFrontAxis() {
        GraphBuilder g = new GraphBuilder();
        Value x = g.input("x", Shape.batched(4, 6));
        assertThatThrownBy(() -> g.permute(x, List.of(1, 0, 2)))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("batch must stay the first axis");
    }

    @Test
    void trainingGraphsHaveDropPathAndInferenceGraphsHaveNone() {
        var config = HieraVariant.HIERA_TINY_224.config().toBuilder()
                .dropPathRate(0.1)
                .headDropout(0.3)
                .build();
        Graph training = new Hiera(config).trainingGraph();
        assertThat(training.nodes().stream().filter(node -> node.op() instanceof Op.DropPath))
                .hasSize(2 * 11);
        assertThat(training.nodes().stream().filter(node -> node.op() instanceof Op.Dropout))
                .hasSize(1);
        assertThat(config.inferenceGraph().nodes())
                .noneMatch(node -> node.op() instanceof Op.DropPath || node.op() instanceof Op.Dropout);
    }
}
