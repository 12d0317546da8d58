package io.github.hiera4j.train.parity;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.parity.GoldenCase;
import io.github.hiera4j.model.parity.Goldens;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.testing.TestedDevice;
import io.github.hiera4j.torch.train.TorchTrainer;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gradients, losses and final parameters against the reference's figures. */
class TrainingParityTest {
    private static final TorchTrainer.Options CHECKPOINTED =
            new TorchTrainer.Options(DType.FLOAT32, TestedDevice.NAME, 0, true, false);

    @ParameterizedTest
    @ValueSource(strings = {"mae_nano_image", "mae_nano_image_96", "mae_nano_video"})
    void everyGradientMatchesTheReference(String name) {
        GoldenCase golden = Goldens.read(name);

        List<TrainingDifference> differences = TrainingParity.run(golden, TestedDevice.OPTIONS);

        assertThat(differences)
                .hasSize(golden.json().path("grad").size() + 1)
                .allSatisfy(difference -> assertThat(difference).matches(TrainingDifference::ok));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mae_nano_image", "mae_nano_video"})
    void gradientCheckpointingGivesTheSameGradients(String name) {
        assertThat(TrainingParity.run(Goldens.read(name), CHECKPOINTED))
                .isNotEmpty()
                .allSatisfy(difference -> assertThat(difference).matches(TrainingDifference::ok));
    }

    @ParameterizedTest
    @ValueSource(strings = {"train_mae_nano_image", "train_mae_nano_image_96", "train_supervised_nano_image"})
    void everyLossAndFinalParameterMatchesTheReference(String name) {
        GoldenCase golden = TrainingGoldens.read(name);

        List<TrainingDifference> differences = TrainingParity.run(golden, TestedDevice.OPTIONS);

        assertThat(differences)
                .hasSizeGreaterThan(golden.json().path("final").size())
                .allSatisfy(difference -> assertThat(difference).matches(TrainingDifference::ok));
    }

    @ParameterizedTest
    @ValueSource(strings = {"train_mae_nano_image", "train_supervised_nano_image"})
    void groupsAreTheReferences(String name) {
        GoldenCase golden = TrainingGoldens.read(name);
        assertThat(TrainingGoldens.groups(golden)).isEqualTo(TrainingGoldens.expectedGroups(golden));
    }
}
