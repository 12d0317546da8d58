package io.github.hiera4j.detect.testing;

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

/** A checkpoint of a small detector of two classes. Its weights follow a formula; it finds something in every image. */
public final class NanoDetectorFile {
    /** The first class. */
    public static final String CLASS = "cat";

    private NanoDetectorFile() {}

    /**
     * Writes a detector that pads images to a square.
     *
     * @param directory where the checkpoint is written
     * @return the directory
     */
    public static Path write(Path directory) {
        return write(directory, true);
    }

    /**
     * Writes a detector.
     *
     * @param directory where the checkpoint is written
     * @param square whether images are padded to a square; false: each only as far as its own size needs
     * @return the directory
     */
    public static Path write(Path directory, boolean square) {
        HieraDetConfig trunk = HieraDetConfig.builder()
                .inputSize(List.of(64, 64))
                .embedDim(8)
                .stages(List.of(1, 1, 1, 1))
                .windows(List.of(8, 4, 4, 2))
                .globalBlocks(Set.of())
                .positionGrid(List.of(2, 2))
                .build();
        MaskRcnnConfig config = MaskRcnnConfig.detectron2(Trunk.of(trunk), 2)
                .withChannels(8)
                .withInput(new InputRules(64, 64, square, true));
        DetectorDescription description =
                new DetectorDescription(config, List.of(CLASS, "dog"), List.of(17L, 18L), Normalisation.IMAGENET);
        DetectorCheckpointWriter.write(
                directory, description, new FormulaWeights(new MaskRcnn(config).parameters()), DetectorKeys.DETECTRON2);
        return directory;
    }
}
