package io.github.hiera4j.serve;

import io.github.hiera4j.detect.checkpoint.DetectorCheckpointWriter;
import io.github.hiera4j.detect.checkpoint.DetectorDescription;
import io.github.hiera4j.detect.checkpoint.DetectorKeys;
import io.github.hiera4j.detect.network.InputRules;
import io.github.hiera4j.detect.network.MaskRcnn;
import io.github.hiera4j.detect.network.MaskRcnnConfig;
import io.github.hiera4j.detect.network.Trunk;
import io.github.hiera4j.media.preprocess.Normalisation;
import io.github.hiera4j.model.hieradet.HieraDetConfig;
import io.github.hiera4j.model.parity.FormulaWeights;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** A detector for 64 × 64 pixels and three classes with formula weights. */
final class NanoDetectorFile {
    private NanoDetectorFile() {}

    /** Writes its checkpoint into a directory. */
    static Path write(Path directory) {
        HieraDetConfig trunk = HieraDetConfig.builder()
                .inputSize(List.of(64, 64))
                .embedDim(8)
                .stages(List.of(1, 1, 2, 1))
                .windows(List.of(8, 4, 4, 2))
                .globalBlocks(Set.of(3))
                .positionGrid(List.of(2, 2))
                .build();
        MaskRcnnConfig preset = MaskRcnnConfig.detectron2(Trunk.of(trunk), 3);
        InputRules input = preset.input();
        MaskRcnnConfig config =
                preset.withChannels(16).withInput(new InputRules(64, 64, input.square(), input.filtered()));
        DetectorCheckpointWriter.write(
                directory,
                new DetectorDescription(
                        config, List.of("disc", "square", "star"), List.of(2L, 5L, 9L), Normalisation.IMAGENET),
                new FormulaWeights(new MaskRcnn(config).parameters()),
                DetectorKeys.DETECTRON2);
        return directory;
    }
}
