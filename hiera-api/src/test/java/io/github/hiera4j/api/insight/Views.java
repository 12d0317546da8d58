package io.github.hiera4j.api.insight;

import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Views for tests: normalised pixels without files. */
final class Views {
    private Views() {}

    static HostTensor noise(HieraConfig config, long seed) {
        Random random = new Random(seed);
        HostTensor view = HostTensor.allocate(DType.FLOAT32, shape(config));
        for (int i = 0; i < view.elements(); i++) {
            view.floats().put(i, (float) random.nextGaussian());
        }
        return view;
    }

    /** Returns a view of mean colour with one bright textured square. */
    static HostTensor square(HieraConfig config, int top, int left, int side) {
        HostTensor view = HostTensor.allocate(DType.FLOAT32, shape(config));
        int axes = config.axes();
        int height = config.inputSize().get(axes - 2);
        int width = config.inputSize().get(axes - 1);
        for (int i = 0; i < view.elements(); i++) {
            int x = i % width;
            int y = i / width % height;
            if (x >= left && x < left + side && y >= top && y < top + side) {
                view.floats().put(i, 2f + ((x ^ y) & 1));
            }
        }
        return view;
    }

    private static Shape shape(HieraConfig config) {
        List<Integer> sizes = new ArrayList<>(List.of(1, 3));
        sizes.addAll(config.inputSize());
        return Shape.of(sizes.stream().mapToInt(Integer::intValue).toArray());
    }
}
