package io.github.hiera4j.cli;

import io.github.hiera4j.cli.process.Interruption;
import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.checkpoint.CheckpointWriter;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.weights.keys.KeyStyle;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Runs common commands once on a tiny model and a tiny picture. The launchers run it with {@code -XX:DumpLoadedClassList} and then
 * archive the listed classes in parsed form, so that later processes start in a fraction of the time.
 */
public final class StartUpClasses {
    private StartUpClasses() {}

    /** @param arguments an empty directory for the model and the picture */
    public static void main(String[] arguments) {
        Interruption.install();
        Path directory = Path.of(arguments[0]);
        Path picture = directory.resolve("picture.jpg");
        String model = writeModel(directory.resolve("model"));
        try (InputStream content = StartUpClasses.class.getResourceAsStream("start-up.jpg")) {
            Files.copy(Objects.requireNonNull(content), picture);
        } catch (IOException e) {
            throw FileFault.unwritable(picture, e);
        }
        String file = picture.toString();
        List<String[]> commands = List.of(
                new String[] {"--help"},
                new String[] {"models", "--json"},
                new String[] {"inspect", model},
                new String[] {"classify", file, "--weights", model},
                new String[] {"classify", file, "--weights", model, "--json", "--dtype", "int8"},
                new String[] {"embed", file, "--weights", model, "--json"},
                new String[] {
                    "features",
                    file,
                    "--weights",
                    model,
                    "--out",
                    directory.resolve("maps").toString()
                });
        for (String[] command : commands) {
            Main.run(command); // a failure only leaves some classes out of the archive
        }
    }

    private static String writeModel(Path target) {
        HieraConfig config = HieraConfig.image()
                .inputSize(List.of(64, 64))
                .embedDim(16)
                .numHeads(1)
                .stages(List.of(1, 1, 1))
                .qPool(2)
                .maskUnitSize(List.of(4, 4))
                .maskUnitAttn(List.of(true, true, false))
                .build();
        FormulaWeights weights = new FormulaWeights(config.inferenceGraph().parameters());
        CheckpointWriter.inStyle(KeyStyle.OFFICIAL).write(target, config, weights);
        return target.toString();
    }
}
