package io.github.hiera4j.model.parity;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.network.PositionResizing;
import io.github.hiera4j.model.reference.ConstantFolding;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.transfer.ResizedWeights;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A classifier at one input size, which may differ from the size that it was trained at.
 *
 * @param name the names of the file and the size
 * @param trained the model at the size of its weights
 * @param rule the rule for resizing its position embedding
 * @param inputShape the pixels, batch first
 * @param json the figures of this size
 */
public record SizedCase(String name, HieraConfig trained, PositionResizing rule, Shape inputShape, JsonNode json)
        implements ParityCase {
    private static final List<String> POSITIONS = List.of("pos_embed", "pos_embed_spatial", "pos_embed_temporal");

    static SizedCase read(JsonNode file, HieraConfig trained, JsonNode figures, String name) {
        PositionResizing rule = file.path("resize").path("antialias").asBoolean()
                ? PositionResizing.ANTIALIAS
                : PositionResizing.BICUBIC;
        Shape inputShape =
                GoldenFile.inputShape(figures, trained.inChans(), GoldenFile.integers(figures.path("run_size")));
        return new SizedCase(name, trained, rule, inputShape, figures);
    }

    private HieraConfig running() {
        return trained.resized(GoldenFile.integers(json.path("run_size")));
    }

    @Override
    public Graph graph() {
        List<String> outputs = expected().keySet().stream()
                .filter(output -> !POSITIONS.contains(output))
                .toList();
        return running().inferenceGraph().select(outputs);
    }

    @Override
    public WeightSource weights() {
        WeightSource stored = new CaseWeights(
                trained, new FormulaWeights(trained.inferenceGraph().parameters()));
        return ResizedWeights.of(stored, trained, running(), rule);
    }

    @Override
    public Map<String, HostTensor> feeds() {
        return Map.of(HieraEncoder.INPUT, FormulaWeights.tensor("input", inputShape));
    }

    @Override
    public Map<String, TensorSummary> expected() {
        Map<String, TensorSummary> expected = new LinkedHashMap<>();
        for (String name : POSITIONS) {
            if (json.has(name)) {
                expected.put(name, TensorSummary.read(json.path(name)));
            }
        }
        int stage = 1;
        for (JsonNode summary : json.path("intermediates")) {
            expected.put(Hiera.stage(stage++), TensorSummary.read(summary));
        }
        expected.put(Hiera.LOGITS, TensorSummary.read(json.path("logits_summary")));
        return expected;
    }

    /** Returns the position embedding after resizing: a stored weight, or a value that the graph computes from weights only. */
    @Override
    public Map<String, HostTensor> derived() {
        Map<String, HostTensor> derived = new LinkedHashMap<>();
        for (String name : POSITIONS) {
            if (json.has(name)) {
                derived.put(
                        name,
                        trained.absWinPosEmbed() ? absoluteWindows() : weights().read(name));
            }
        }
        return derived;
    }

    private HostTensor absoluteWindows() {
        GraphBuilder g = new GraphBuilder();
        g.output("pos_embed", new HieraEncoder(running()).positions(g));
        Map<Integer, HostTensor> folded = ConstantFolding.fold(g.build(), weights());
        return folded.values().iterator().next();
    }

    @Override
    public boolean isNano() {
        return trained.embedDim() < 32;
    }
}
