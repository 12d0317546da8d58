package io.github.hiera4j.detect.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.detect.NanoDetector;
import io.github.hiera4j.detect.network.MaskRcnn;
import io.github.hiera4j.detect.network.MaskRcnnConfig;
import io.github.hiera4j.detect.network.ProposalRules;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ProposalsTest {
    private static final int SIDE = 64;

    /** Two neighbours with more overlap than the suppression threshold, whose probabilities are both rounded to 1 in float32. */
    private static Map<String, HostTensor> outputs(Proposals proposals) {
        Map<String, HostTensor> outputs = new HashMap<>();
        for (int level = 0; level < MaskRcnn.LEVELS; level++) {
            int anchors = proposals.anchors(level).size();
            HostTensor logits = HostTensor.allocate(DType.FLOAT32, Shape.of(1, anchors, 1));
            for (int i = 0; i < anchors; i++) {
                logits.floats().put(i, -20);
            }
            outputs.put(MaskRcnn.logits(level), logits);
            outputs.put(MaskRcnn.deltas(level), HostTensor.allocate(DType.FLOAT32, Shape.of(1, anchors, 4)));
        }
        HostTensor finest = Objects.requireNonNull(outputs.get(MaskRcnn.logits(1)));
        finest.floats().put(3 * (8 * 3 + 3) + 1, 18); // row 3, column 3, ratio 1
        HostTensor coarser = Objects.requireNonNull(outputs.get(MaskRcnn.logits(2)));
        coarser.floats().put(3 * (4 * 1 + 1) + 1, 25);
        return outputs;
    }

    private static ScoredBoxes best(MaskRcnnConfig config) {
        Proposals proposals = new Proposals(config);
        return proposals.select(outputs(proposals), 0, SIDE, SIDE, false);
    }

    @Test
    void detectron2RanksByLogitsAndTorchvisionByProbabilities() {
        ScoredBoxes logits = best(NanoDetector.config());
        ScoredBoxes probabilities = best(NanoDetector.torchvision());

        assertThat(logits.levels()).startsWith(2, 1); // 25 before 18
        assertThat(logits.scores()).startsWith(25, 18);
        assertThat(probabilities.levels()).startsWith(1, 2); // both 1 in float32, so the order of the levels is kept
        assertThat(probabilities.scores()).startsWith(1, 1);
    }

    @Test
    void proposalsBelowTheSmallestProbabilityAreLeftOut() {
        MaskRcnnConfig config = NanoDetector.torchvision();
        ProposalRules rules = config.proposals();
        ProposalRules strict = new ProposalRules(
                rules.anchors(),
                rules.convolutions(),
                rules.channelNorms(),
                rules.matcher(),
                rules.sampler(),
                rules.candidatesTraining(),
                rules.candidatesTest(),
                rules.proposalsTraining(),
                rules.proposalsTest(),
                rules.suppression(),
                rules.smallestSide(),
                rules.lossBeta(),
                rules.perSample(),
                rules.rankedByProbability(),
                .5);

        assertThat(best(config).scores().length).isGreaterThan(2);
        assertThat(best(config.withProposals(strict)).scores()).hasSize(2);
    }
}
