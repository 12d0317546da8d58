package io.github.hiera4j.model.testing;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.ModelConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Small valid configurations of every kind, drawn from a seed, including those that no published model has. */
public final class RandomConfigs {
    private final Random random;

    private RandomConfigs(long seed) {
        this.random = new Random(seed);
    }

    /** Returns the configuration of a seed: an encoder, or sometimes a masked autoencoder of one. */
    public static ModelConfig draw(long seed) {
        RandomConfigs source = new RandomConfigs(seed);
        while (true) {
            try {
                ModelConfig config = source.next();
                config.inferenceGraph();
                return config;
            } catch (HieraException impossible) {
                // the random settings are invalid together: draw again
            }
        }
    }

    private ModelConfig next() {
        int axes = 1 + random.nextInt(3);
        int stages = 1 + random.nextInt(4);
        List<Integer> qStride = perAxis(axes, () -> random.nextInt(4) == 0 ? 1 : 2);
        List<Integer> maskUnit = qStride.stream()
                .map(stride -> (int) Math.pow(stride, stages - 1))
                .toList();
        List<Integer> patchStride = perAxis(axes, () -> 1 + random.nextInt(4));
        List<Integer> padding =
                patchStride.stream().map(stride -> random.nextInt(stride + 1)).toList();
        List<Integer> kernel = IntStream.range(0, axes)
                .mapToObj(axis -> patchStride.get(axis) + 2 * padding.get(axis) - random.nextInt(patchStride.get(axis)))
                .toList();
        List<Integer> input = IntStream.range(0, axes)
                .mapToObj(axis -> maskUnit.get(axis) * patchStride.get(axis) * (1 + random.nextInt(3)))
                .toList();
        int heads = 1 + random.nextInt(2);
        HieraConfig encoder = HieraConfig.image()
                .inputSize(input)
                .inChans(1 + random.nextInt(3))
                .embedDim(heads * 4 * (1 + random.nextInt(3)))
                .numHeads(heads)
                .numClasses(random.nextInt(5))
                .stages(perAxis(stages, () -> 1 + random.nextInt(2)))
                .qPool(random.nextInt(stages))
                .qStride(qStride)
                .maskUnitSize(maskUnit)
                .maskUnitAttn(IntStream.range(0, stages)
                        .mapToObj(stage -> random.nextBoolean())
                        .toList())
                .dimMul(pick(2.0, 1.0, 1.5, 3.0))
                .headMul(pick(2.0, 1.0))
                .patchKernel(kernel)
                .patchStride(patchStride)
                .patchPadding(padding)
                .mlpRatio(pick(4.0, 2.0, 1.5))
                .sepPosEmbed(axes == 3 && random.nextBoolean())
                .initValues(random.nextInt(4) == 0 ? 0.1 : null)
                .build();
        boolean autoencoder = axes > 1 && random.nextInt(3) == 0;
        return autoencoder
                ? new MaeConfig(encoder.toBuilder().numClasses(0).build(), 8 * heads, 1 + random.nextInt(2), heads)
                : encoder;
    }

    private static List<Integer> perAxis(int count, java.util.function.IntSupplier supplier) {
        List<Integer> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(supplier.getAsInt());
        }
        return values;
    }

    private double pick(double... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
