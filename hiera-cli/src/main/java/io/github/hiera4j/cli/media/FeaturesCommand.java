package io.github.hiera4j.cli.media;

import static io.github.hiera4j.cli.options.WrongCallException.checkCall;

import io.github.hiera4j.api.FeatureMap;
import io.github.hiera4j.api.HieraBackbone;
import io.github.hiera4j.api.MediaResult;
import io.github.hiera4j.api.NpyFile;
import io.github.hiera4j.cli.files.OutputNames;
import io.github.hiera4j.cli.terminal.Output;
import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.weights.NamedTensors;
import io.github.hiera4j.model.weights.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes the feature maps of images and videos. */
@Command(
        name = "features",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Write the feature maps at the end of each stage, in spatial order.",
        footer = {
            "Axes are H, W, C for image models and T, H, W, C for video models (the middle clip,",
            "cropped at the centre). A safetensors file contains stage1, stage2, ... and lists",
            "the axes in its metadata."
        })
public final class FeaturesCommand implements Callable<Integer> {
    @Mixin
    MediaOptions media;

    @Option(
            names = {"-o", "--out"},
            required = true,
            paramLabel = "OUT",
            description = "FILE.safetensors, FILE.npy (with --stage), or a directory for one file per input.")
    Path out;

    @Option(names = "--stage", paramLabel = "N", description = "Write only this stage's map, from 1.")
    @Nullable
    Integer stage;

    @Option(names = "--npy", description = "In a directory, write .npy instead of .safetensors (with --stage).")
    boolean npy;

    @Option(names = "--json", description = "Print what was written, one JSON object per line.")
    boolean json;

    @Spec
    CommandSpec spec;

    /** The JSON object of one map. */
    record Row(String file, String written, int stage, List<String> axes, List<Integer> shape) {}

    @Override
    public Integer call() {
        boolean single =
                out.toString().endsWith(".safetensors") || out.toString().endsWith(".npy");
        boolean arrays = npy || out.toString().endsWith(".npy");
        checkCall(!arrays || stage != null, "a .npy file contains one map: select it with --stage");
        checkCall(
                !single || (media.files.size() == 1 && Files.isRegularFile(Path.of(media.files.get(0)))),
                "%s is one file: pass one input, or a directory as --out",
                out);
        if (!single) {
            createDirectory(out);
        }
        Output output = new Output(spec);
        OutputNames names = new OutputNames();
        try (MediaRun<HieraBackbone> run =
                new MediaRun<>(media, output, HieraBackbone::load, HieraBackbone::config, HieraBackbone::notes)) {
            return run.run(
                    (model, files) -> model.featuresInputs(
                            files,
                            media.readOptions(
                                    model.readOptions(), model.config().isVideo())),
                    (model, result) -> {
                        Path target = single
                                ? out
                                : out.resolve(names.of(
                                        result.input().file().orElseThrow(), arrays ? ".npy" : ".safetensors"));
                        write(result, target, arrays, output);
                    });
        }
    }

    private void write(MediaResult<List<FeatureMap>> result, Path target, boolean array, Output output) {
        List<FeatureMap> maps = chosen(result.orThrow());
        String file = result.name();
        if (array) {
            FeatureMap map = maps.get(0);
            NpyFile.write(target, map.values().toFloats(), map.values().shape().sizes());
        } else {
            Map<String, io.github.hiera4j.model.tensor.HostTensor> tensors = new LinkedHashMap<>();
            maps.forEach(map -> tensors.put("stage" + map.stage(), map.values()));
            SafetensorsWriter.write(
                    target,
                    new NamedTensors(file, tensors),
                    Map.of("axes", String.join(",", maps.get(0).axes()), "file", file));
        }
        maps.forEach(map -> print(file, target, map, output));
    }

    private List<FeatureMap> chosen(List<FeatureMap> maps) {
        if (stage == null) {
            return maps;
        }
        checkCall(stage >= 1 && stage <= maps.size(), "--stage must be 1 to %d, got %d", maps.size(), stage);
        return List.of(maps.get(stage - 1));
    }

    private void print(String file, Path target, FeatureMap map, Output output) {
        List<Integer> shape = new ArrayList<>();
        for (int size : map.values().shape().sizes()) {
            shape.add(size);
        }
        if (json) {
            output.json(new Row(file, target.toString(), map.stage(), map.axes(), shape));
        } else {
            output.line(target + "  stage" + map.stage() + "  " + String.join("×", map.axes()) + " = " + shape);
        }
    }

    private static void createDirectory(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException fault) {
            throw new HieraException(directory + ": cannot be created: " + FileFault.reason(fault), fault);
        }
    }
}
