package io.github.hiera4j.detect.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.detect.NanoDetector;
import io.github.hiera4j.detect.network.MaskRcnn;
import io.github.hiera4j.detect.network.MaskRcnnConfig;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.checkpoint.WeightFile;
import io.github.hiera4j.model.io.Json;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.ObjectNode;

class DetectorCheckpointTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(DetectorKeys.class)
    void aDetectorIsReadAsItWasWritten(DetectorKeys keys) {
        for (MaskRcnnConfig config : new MaskRcnnConfig[] {NanoDetector.config(), NanoDetector.torchvision()}) {
            FormulaWeights weights = NanoDetector.weights(config);
            DetectorCheckpointWriter.write(directory, NanoDetector.description(config), weights, keys);

            try (DetectorCheckpoint checkpoint = DetectorCheckpoint.open(directory)) {
                assertThat(checkpoint.keys()).isEqualTo(keys);
                assertThat(checkpoint.description()).isEqualTo(NanoDetector.description(config));
                assertThat(checkpoint.inferred()).isEmpty();
                assertThat(checkpoint.aside()).isEmpty();
                checkpoint.report().requireExact();
                for (String name : new MaskRcnn(config).parameters().keySet()) {
                    assertThat(checkpoint.weights().read(name).toDoubles())
                            .as(name)
                            .isEqualTo(weights.read(name).toDoubles());
                }
            }
        }
    }

    @Test
    void detectron2sNamesStandInTheFile() {
        MaskRcnnConfig config = NanoDetector.config();
        DetectorCheckpointWriter.write(
                directory, NanoDetector.description(config), NanoDetector.weights(config), DetectorKeys.DETECTRON2);

        try (WeightSource file = WeightFile.open(directory).weights()) {
            assertThat(file.names())
                    .contains(
                            "backbone.bottom_up.blocks.0.mlp.fc1.weight",
                            "backbone.bottom_up.scale2_norm.weight",
                            "backbone.fpn_lateral2.norm.weight",
                            "proposal_generator.rpn_head.conv.conv1.bias",
                            "roi_heads.box_head.conv4.norm.bias",
                            "roi_heads.mask_head.deconv.weight");
        }
    }

    @Test
    void torchvisionsNamesAndRowsStandInTheFile() {
        MaskRcnnConfig config = NanoDetector.config();
        FormulaWeights weights = NanoDetector.weights(config);
        DetectorCheckpointWriter.write(directory, NanoDetector.description(config), weights, DetectorKeys.TORCHVISION);

        try (WeightSource file = WeightFile.open(directory).weights()) {
            assertThat(file.names())
                    .contains(
                            "backbone.fpn.inner_blocks.0.1.weight",
                            "backbone.fpn.layer_blocks.3.0.weight",
                            "rpn.head.conv.1.0.weight",
                            "roi_heads.box_head.3.1.bias",
                            "roi_heads.box_head.5.weight",
                            "roi_heads.mask_head.0.0.weight",
                            "roi_heads.mask_predictor.conv5_mask.weight");
            double[] scores =
                    file.read("roi_heads.box_predictor.cls_score.bias").toDoubles();
            double[] own =
                    weights.read("roi_heads.box_predictor.cls_score.bias").toDoubles();
            assertThat(scores).containsExactly(own[3], own[0], own[1], own[2]);
            assertThat(file.info("roi_heads.box_predictor.bbox_pred.weight").shape())
                    .isEqualTo(Shape.of(16, 32));
            assertThat(file.info("roi_heads.mask_predictor.mask_fcn_logits.weight")
                            .shape())
                    .isEqualTo(Shape.of(4, 16, 1, 1));
        }
    }

    @ParameterizedTest
    @EnumSource(DetectorKeys.class)
    void withoutADescriptionWidthsAndDepthsFollowFromTheShapes(DetectorKeys keys) throws IOException {
        MaskRcnnConfig config = keys == DetectorKeys.TORCHVISION ? NanoDetector.torchvision() : NanoDetector.config();
        DetectorCheckpointWriter.write(directory, NanoDetector.description(config), NanoDetector.weights(config), keys);
        Files.delete(directory.resolve("config.json"));

        try (DetectorCheckpoint checkpoint = DetectorCheckpoint.open(directory)) {
            MaskRcnnConfig found = checkpoint.description().config();
            assertThat(found.channels()).isEqualTo(16);
            assertThat(found.classes()).isEqualTo(3);
            assertThat(found.heads().boxConvolutions()).isEqualTo(config.heads().boxConvolutions());
            assertThat(found.proposals().convolutions())
                    .isEqualTo(config.proposals().convolutions());
            assertThat(found.heads().boxLayers()).isEqualTo(config.heads().boxLayers());
            assertThat(checkpoint.report().isExact()).isTrue();
            assertThat(checkpoint.inferred()).isNotEmpty();
        }
    }

    @Test
    void aSettingThatIsUnknownOrImpossibleIsRefusedByItsName() throws IOException {
        MaskRcnnConfig config = NanoDetector.config();
        DetectorCheckpointWriter.write(
                directory, NanoDetector.description(config), NanoDetector.weights(config), DetectorKeys.DETECTRON2);
        Path file = directory.resolve("config.json");
        String text = Files.readString(file);

        Files.writeString(file, text.replaceFirst("\"suppression\"", "\"soft_suppression\": 1, \"suppression\""));
        assertThatThrownBy(() -> DetectorCheckpoint.open(directory))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("soft_suppression");

        Files.writeString(file, text.replaceFirst("\"smallestScore\" ?: ?[0-9.]+", "\"smallestScore\": 7"));
        assertThatThrownBy(() -> DetectorCheckpoint.open(directory))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("the smallest probability of a proposal must be 0 to 1, got 7.0");
    }

    @Test
    void aFileFromBeforeASettingExistedMeansWhatItMeantThen() throws IOException {
        MaskRcnnConfig config = NanoDetector.config();
        DetectorCheckpointWriter.write(
                directory, NanoDetector.description(config), NanoDetector.weights(config), DetectorKeys.DETECTRON2);
        Path file = directory.resolve("config.json");
        ObjectNode older = (ObjectNode) Json.MAPPER.readTree(Files.readString(file));
        for (String name : List.of("rankedByProbability", "stridesFromInput", "guardedIou")) {
            assertThat(older.findParents(name)).isNotEmpty();
            older.findParents(name).forEach(parent -> ((ObjectNode) parent).remove(name));
        }
        ((ObjectNode) older.at("/description/config/proposals")).remove("smallestScore");

        Files.writeString(file, older.toString());

        try (DetectorCheckpoint checkpoint = DetectorCheckpoint.open(directory)) {
            assertThat(checkpoint.description().config()).isEqualTo(config);
        }
    }

    @Test
    void aFileWithoutDetectorIsRefused() {
        Path file = directory.resolve("other.pt");
        io.github.hiera4j.model.weights.torch.TorchCheckpointWriter.write(
                file, new FormulaWeights(java.util.Map.of("blocks.0.norm1.weight", Shape.of(4))));

        assertThatThrownBy(() -> DetectorCheckpoint.open(file))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("holds no detector");
    }
}
