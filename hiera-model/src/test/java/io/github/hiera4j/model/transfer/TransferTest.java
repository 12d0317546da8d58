package io.github.hiera4j.model.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.hieradet.HieraDet;
import io.github.hiera4j.model.hieradet.HieraDetConfig;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraVariant;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.network.PositionResizing;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransferTest {
    private static final HieraConfig TINY = HieraVariant.HIERA_TINY_224.config();

    @Test
    void aSizeThatAModelCannotTakeIsRefusedWithTheNearestSizes() {
        assertThatThrownBy(() -> TINY.resized(List.of(224, 300)))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("axis 1 must be a multiple of 32")
                .hasMessageContaining("288 and 320");
        assertThatThrownBy(() -> TINY.resized(List.of(16, 224, 224))).hasMessageContaining("2 axes");
        assertThatThrownBy(() -> TINY.resized(List.of(0, 224))).hasMessageContaining("32 and 64");
    }

    @Test
    void everyParameterOfAnyModelFitsAtAnotherSize() {
        for (HieraVariant variant : HieraVariant.values()) {
            List<Integer> size = variant.isVideo() ? List.of(8, 96, 128) : List.of(128, 96);
            HieraConfig encoder = variant.config();
            assertFits(encoder, encoder.resized(size));
            if (variant.hasAbsoluteWindows()) {
                continue;
            }
            MaeConfig autoencoder = MaeConfig.around(encoder);
            assertFits(autoencoder, MaeConfig.around(encoder.resized(size)));
        }
    }

    private static void assertFits(ModelConfig trained, ModelConfig target) {
        var stored = new FormulaWeights(trained.inferenceGraph().parameters());
        WeightSource resized = ResizedWeights.of(stored, trained, target, PositionResizing.BICUBIC);
        target.inferenceGraph()
                .parameters()
                .forEach((name, shape) -> assertThat(resized.info(name).shape()).isEqualTo(shape));
        if (trained.encoder().absWinPosEmbed()) {
            assertThat(resized).isSameAs(stored);
            return;
        }
        HostTensor positions = resized.read(trained.encoder().sepPosEmbed() ? "pos_embed_temporal" : "pos_embed");
        assertThat(positions.shape())
                .isEqualTo(resized.info("pos_embed" + (trained.encoder().sepPosEmbed() ? "_temporal" : ""))
                        .shape());
    }

    @Test
    void anUnchangedSizeServesTheWeightsAsTheyAre() {
        var stored = new FormulaWeights(TINY.inferenceGraph().parameters());
        assertThat(ResizedWeights.of(stored, TINY, TINY.resized(List.of(224, 224)), PositionResizing.BICUBIC))
                .isSameAs(stored);
    }

    @Test
    void everyConversionFitsItsTrunkOfAnySize() {
        WeightSource stored = new FormulaWeights(TINY.inferenceGraph().parameters());
        for (TrunkConversion conversion : TrunkConversion.values()) {
            HieraDetConfig trunk = conversion.config(TINY).resized(1024, 512);
            WeightSource weights = conversion.weights(stored, TINY, HieraDet.SAM2_PREFIX + ".");
            new HieraDet(trunk)
                    .inferenceGraph()
                    .parameters()
                    .forEach((name, shape) ->
                            assertThat(weights.read(name, shape).shape()).isEqualTo(shape));
        }
        assertThat(TrunkConversion.WHOLE.config(TINY).windows()).containsExactly(8, 4, 14, 7);
    }

    @Test
    void anEmbeddingThatRepeatsWithTheMaskUnitIsSplitWithoutLoss() {
        HieraConfig encoder = HieraConfig.image()
                .inputSize(List.of(64, 96))
                .embedDim(2)
                .stages(List.of(1, 1, 1, 1))
                .build();
        double[] table = new double[16 * 24 * 2];
        for (int i = 0; i < table.length; i++) {
            int row = i / 48;
            int column = i / 2 % 24;
            int unit = 3 * (row / 8) - column / 8 + i % 2;
            table[i] = Math.sin(row % 8 * 8 + column % 8 + i % 2) + unit;
        }
        WeightSource split = TrunkConversion.ABSOLUTE_WINDOWS.weights(
                new OneTensor("pos_embed", HostTensor.of(Shape.of(1, 16 * 24, 2), table)), encoder, "");
        HostTensor window = split.read("pos_embed_window", Shape.of(1, 2, 8, 8));
        HostTensor global = split.read("pos_embed", Shape.of(1, 2, 2, 3));
        for (int i = 0; i < table.length; i++) {
            int row = i / 48;
            int column = i / 2 % 24;
            double sum = window.get((i % 2 * 8 + row % 8) * 8 + column % 8)
                    + global.get((i % 2 * 2 + row / 8) * 3 + column / 8);
            assertThat(sum).isCloseTo(table[i], within(1e-12));
        }
    }

    @Test
    void modelsThatAreNoTrunkAreRefused() {
        assertThatThrownBy(() -> TrunkConversion.WHOLE.config(HieraVariant.HIERA_BASE_16X224.config()))
                .hasMessageContaining("image model");
        HieraConfig timm = HieraVariant.HIERA_BASE_ABSWIN_256.config();
        assertThatThrownBy(() -> TrunkConversion.WHOLE.config(timm)).hasMessageContaining("abswin");
    }
}
