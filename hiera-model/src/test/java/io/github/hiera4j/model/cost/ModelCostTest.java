package io.github.hiera4j.model.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.network.HieraVariant;
import io.github.hiera4j.model.parity.GoldenCase;
import io.github.hiera4j.model.parity.Goldens;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ModelCostTest {

    @ParameterizedTest
    @CsvSource({
        "hiera_tiny_224, 27910216, 5",
        "hiera_small_224, 35008072, 6",
        "hiera_base_224, 51524968, 9",
        "hiera_base_plus_224, 69896616, 13",
        "hiera_large_224, 213739912, 40",
        "hiera_huge_224, 672779752, 125",
        "hiera_base_16x224, 51092560, 102",
        "hiera_base_plus_16x224, 69392240, 133",
        "hiera_large_16x224, 213091600, 413",
        "hiera_huge_16x224, 671627664, 1159"
    })
    void publishedModelsHaveThePaperSize(String name, long parameters, double gigaMacs) {
        ModelCost cost = ModelCost.of(HieraVariant.named(name).config().inferenceGraph());
        assertThat(cost.parameters()).isEqualTo(parameters);
        assertThat(cost.multiplyAccumulates() / 1e9)
                .isCloseTo(gigaMacs, Percentage.withPercentage(gigaMacs < 20 ? 8 : 1));
    }

    @ParameterizedTest
    @MethodSource("io.github.hiera4j.model.parity.Goldens#all")
    void parametersAreAsManyAsTheReferenceCounts(String name) {
        GoldenCase golden = Goldens.read(name);
        if (golden.json().has("params")) {
            assertThat(ModelCost.of(golden.config().inferenceGraph()).parameters())
                    .isEqualTo(golden.json().get("params").asLong());
        } else {
            assertThat(name).isEqualTo("timm_nano_abswin"); // the only case without counts
        }
    }

    @Test
    void onlyPartOfTheActivationsIsAliveAtOnce() {
        ModelCost cost = ModelCost.of(HieraVariant.HIERA_BASE_224.config().inferenceGraph());
        assertThat(cost.peakActivationBytes()).isPositive().isLessThan(cost.activationBytes() / 8);
    }
}
