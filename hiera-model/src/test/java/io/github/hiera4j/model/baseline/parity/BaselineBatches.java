package io.github.hiera4j.model.baseline.parity;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.baseline.BaselineModel;
import io.github.hiera4j.model.baseline.LadderConfig;
import io.github.hiera4j.model.baseline.MViTv2Config;
import io.github.hiera4j.model.baseline.Rung;
import io.github.hiera4j.model.baseline.VisionTransformerConfig;
import io.github.hiera4j.model.baseline.peers.ConvNeXtV2Config;
import io.github.hiera4j.model.baseline.peers.SwinConfig;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.reference.ReferenceBackend;
import io.github.hiera4j.model.tensor.HostTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Small models with every operation of the baselines, compared with plain Java in several batch sizes. */
public final class BaselineBatches {
    private static final List<Integer> BATCHES = List.of(1, 2, 5, 8, 16, 3);
    private static final double TOLERANCE = 5e-6;

    private static final HieraConfig WIDE = HieraConfig.image()
            .inputSize(List.of(32, 96))
            .embedDim(8)
            .numHeads(2)
            .stages(List.of(1, 1, 1, 1))
            .numClasses(3)
            .build();

    private static final HieraConfig CLIP = HieraConfig.video()
            .inputSize(List.of(6, 32, 32))
            .embedDim(8)
            .numHeads(1)
            .stages(List.of(1, 1, 1, 1))
            .numClasses(3)
            .build();

    private BaselineBatches() {}

    /** Models with convolutions, maxima, shifted windows, relative positions and class tokens; one has a last grid of 3 × 5. */
    public static Stream<BaselineModel> models() {
        HieraConfig odd = HieraConfig.image()
                .inputSize(List.of(48, 80))
                .embedDim(8)
                .numHeads(1)
                .stages(List.of(1, 1, 1))
                .qPool(2)
                .maskUnitSize(List.of(4, 4))
                .maskUnitAttn(List.of(false, false, false))
                .numClasses(3)
                .build();
        return Stream.of(
                LadderConfig.of(WIDE, Rung.ZERO),
                LadderConfig.of(WIDE, Rung.A),
                LadderConfig.of(WIDE, Rung.B),
                LadderConfig.of(WIDE, Rung.D),
                LadderConfig.of(CLIP, Rung.A),
                LadderConfig.of(CLIP, Rung.C),
                LadderConfig.of(CLIP, Rung.E),
                MViTv2Config.video(CLIP),
                new MViTv2Config(odd, false, true, List.of(4, 4)),
                new VisionTransformerConfig(List.of(24, 40), List.of(8, 8), 12, 1, 3, 3, false, 0),
                new SwinConfig(List.of(48, 72), 8, List.of(2, 1), List.of(1, 2), 3, 3, 0),
                new ConvNeXtV2Config(List.of(24, 40), List.of(1, 1), List.of(8, 12), 3, 0));
    }

    /** One session computes all batches, whose sizes decrease and increase. */
    public static void assertEveryBatch(BaselineModel model, Backend backend) {
        Graph graph = model.inferenceGraph().select(Hiera.LOGITS);
        FormulaWeights weights = new FormulaWeights(graph.parameters());
        try (Session session = backend.compile(graph, weights, CompileOptions.DEFAULT);
                Session reference = new ReferenceBackend().compile(graph, weights, CompileOptions.DEFAULT)) {
            HostTensor all = logits(reference, model, 16);
            double scale = Math.sqrt(Arrays.stream(all.toDoubles())
                    .map(logit -> logit * logit)
                    .average()
                    .orElseThrow());
            for (int batch : BATCHES) {
                HostTensor found = logits(session, model, batch);
                // the pixels of a smaller batch are the first samples of the largest
                assertThat(found.elements()).isEqualTo(3 * batch);
                double squares = 0;
                for (int i = 0; i < found.elements(); i++) {
                    double difference = found.get(i) - all.get(i);
                    squares += difference * difference;
                }
                double rootMeanSquare = Math.sqrt(squares / found.elements());
                assertThat(rootMeanSquare / scale) // one sample's own logits may be close to 0
                        .as("%s in batches of %d", model.architecture(), batch)
                        .isLessThan(TOLERANCE);
            }
        }
    }

    private static HostTensor logits(Session session, BaselineModel model, int batch) {
        float[] all =
                FormulaWeights.tensor("input", model.inputShape().withBatch(16)).toFloats();
        int size = all.length / 16;
        HostTensor pixels = HostTensor.of(model.inputShape().withBatch(batch), Arrays.copyOf(all, batch * size));
        return Objects.requireNonNull(
                session.run(Map.of(HieraEncoder.INPUT, pixels)).get(Hiera.LOGITS));
    }
}
