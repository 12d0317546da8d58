package io.github.hiera4j.model.sam.checkpoint;

import io.github.hiera4j.model.io.Json;
import io.github.hiera4j.model.sam.Sam2Model;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.testing.Fuzzing;
import io.github.hiera4j.model.testing.TestFiles;
import io.github.hiera4j.model.weights.FiniteWeights;
import io.github.hiera4j.model.weights.NamedTensors;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.model.weights.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Damaged SAM 2 checkpoints are either rejected with a one-line message or contain a model; there is no other outcome. */
class Sam2FuzzTest {
    private static final double SECONDS = 1.5;
    private static final int MOST = 2000;
    private static final Path ORIGINAL = TestFiles.checkpoint("sam2_nano.pt");
    private static final Path DESCRIPTION = TestFiles.checkpoint("sam2_nano_hf").resolve("config.json");

    @TempDir
    Path directory;

    @Test
    void damagedBytesAreRefusedWithOneLine() throws IOException {
        byte[] sound = Files.readAllBytes(ORIGINAL);
        Path file = directory.resolve("model.pt");
        Fuzzing.run("sam2_nano.pt", SECONDS, MOST, random -> {
            Files.write(file, Fuzzing.damaged(sound, random));
            open(file, DESCRIPTION);
        });
    }

    @Test
    void aDamagedDescriptionIsRefusedWithOneLine() {
        JsonNode sound = Json.read(DESCRIPTION);
        Path file = directory.resolve("config.json");
        Fuzzing.run("sam2_nano_hf/config.json", SECONDS, MOST, random -> {
            Files.writeString(file, Fuzzing.damaged(sound, random).toString());
            open(ORIGINAL, file);
        });
    }

    @Test
    void tensorsOfWrongShapesMissingOnesAndNumbersThatAreNoneAreRefusedWithOneLine() {
        Map<String, HostTensor> sound = new LinkedHashMap<>();
        try (Sam2Checkpoint checkpoint = Sam2Checkpoint.open(ORIGINAL, Optional.of(DESCRIPTION))) {
            for (String name : checkpoint.weights().names()) {
                sound.put(name, checkpoint.weights().read(name));
            }
        }
        Path file = directory.resolve("model.safetensors");
        Fuzzing.run("tensors of sam2_nano", SECONDS, MOST, random -> {
            Map<String, HostTensor> damaged = new LinkedHashMap<>(sound);
            for (int change = random.nextInt(3); change >= 0; change--) {
                damage(damaged, random);
            }
            SafetensorsWriter.write(file, new NamedTensors("damaged", damaged), Map.of());
            open(file, DESCRIPTION);
        });
    }

    private static void damage(Map<String, HostTensor> tensors, Random random) {
        List<String> names = new ArrayList<>(tensors.keySet());
        String name = names.get(random.nextInt(names.size()));
        HostTensor tensor = Objects.requireNonNull(tensors.get(name)).to(DType.FLOAT32);
        switch (random.nextInt(6)) {
            case 0 -> tensors.remove(name);
            case 1 -> tensors.put(name + "\n\u0007", tensor);
            case 2 -> tensors.put(names.get(random.nextInt(names.size())), tensor);
            case 3 -> tensors.put(name, withValue(tensor, random));
            default -> tensors.put(name, ofAnotherShape(tensor, random));
        }
    }

    private static HostTensor withValue(HostTensor tensor, Random random) {
        float[] values = tensor.toFloats();
        values[random.nextInt(values.length)] = random.nextBoolean() ? Float.NaN : Float.NEGATIVE_INFINITY;
        return HostTensor.of(tensor.shape(), values);
    }

    /** Swaps axes, lengthens one of them, or flattens the values to one row. */
    private static HostTensor ofAnotherShape(HostTensor tensor, Random random) {
        List<Integer> sizes = new ArrayList<>();
        for (int axis = 0; axis < tensor.shape().rank(); axis++) {
            sizes.add(tensor.shape().size(axis));
        }
        switch (random.nextInt(3)) {
            case 0 -> Collections.shuffle(sizes, random);
            case 1 -> sizes.set(random.nextInt(sizes.size()), 1 + random.nextInt(64));
            default -> {
                sizes.clear();
                sizes.add(tensor.elements());
            }
        }
        Shape shape = Shape.of(sizes.stream().mapToInt(Integer::intValue).toArray());
        return HostTensor.allocate(DType.FLOAT32, shape);
    }

    private static void open(Path weights, Path description) {
        try (Sam2Checkpoint checkpoint = Sam2Checkpoint.open(weights, Optional.of(description))) {
            checkpoint.report().requireExact();
            WeightSource finite = new FiniteWeights(checkpoint.weights());
            Sam2Model.parameters(checkpoint.config()).forEach(finite::read);
        }
    }
}
