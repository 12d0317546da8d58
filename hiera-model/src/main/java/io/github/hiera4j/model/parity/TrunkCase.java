package io.github.hiera4j.model.parity;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.hieradet.HieraDet;
import io.github.hiera4j.model.hieradet.HieraDetConfig;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.transfer.TrunkConversion;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A classifier's encoder converted to a trunk, which must have the same figures.
 *
 * @param name the case's name
 * @param encoder the classifier, whose official names the formula weights use
 * @param stated the trunk as the file states it
 * @param inputShape the pixels, batch first
 * @param json the figures
 */
public record TrunkCase(String name, HieraConfig encoder, HieraDetConfig stated, Shape inputShape, JsonNode json)
        implements ParityCase {

    static TrunkCase read(JsonNode file) {
        Shape inputShape = GoldenFile.shape(file.path("input_shape"));
        check(
                inputShape.rank() == 4 && inputShape.size(1) == 3,
                "expected an input_shape of a batch, 3 channels, height and width, got %s",
                inputShape);
        HieraDetConfig stated =
                HieraDetCase.config(file.path("config"), java.util.List.of(inputShape.size(2), inputShape.size(3)));
        HieraConfig encoder = HieraConfig.image()
                .inputSize(stated.inputSize())
                .embedDim(stated.embedDim())
                .numHeads(stated.numHeads())
                .stages(stated.stages())
                .build();
        return new TrunkCase(file.path("case").asString(), encoder, stated, inputShape, file);
    }

    @Override
    public Graph graph() {
        return new HieraDet(stated).inferenceGraph();
    }

    @Override
    public WeightSource weights() {
        WeightSource official = new FormulaWeights(encoder.inferenceGraph().parameters());
        return TrunkConversion.WHOLE.weights(official, encoder, HieraDet.SAM2_PREFIX + ".");
    }

    @Override
    public Map<String, HostTensor> feeds() {
        return Map.of(HieraEncoder.INPUT, FormulaWeights.tensor("input", inputShape));
    }

    @Override
    public Map<String, TensorSummary> expected() {
        Map<String, TensorSummary> expected = new LinkedHashMap<>();
        int stage = 1;
        for (JsonNode summary : json.path("stages")) {
            expected.put(Hiera.stage(stage++), TensorSummary.read(summary));
        }
        return expected;
    }

    @Override
    public boolean isNano() {
        return false;
    }
}
