package io.github.hiera4j.api.internal;

import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.nio.ByteBuffer;

/** Pads pixels below and to the right with zeros, the mean colour of normalised pixels. */
public final class PaddedPixels {
    private PaddedPixels() {}

    /** Pads {@code […, h, w]} to {@code […, rows, columns]}; returns the same tensor if it has that size. */
    public static HostTensor of(HostTensor pixels, int rows, int columns) {
        Shape shape = pixels.shape();
        int height = shape.size(-2);
        int width = shape.size(-1);
        if (height == rows && width == columns) {
            return pixels;
        }
        HostTensor padded =
                HostTensor.allocate(pixels.dtype(), shape.withSize(-2, rows).withSize(-1, columns));
        int bytes = pixels.dtype().bytes();
        ByteBuffer source = pixels.bytes();
        ByteBuffer target = padded.bytes();
        int planes = height == 0 || width == 0 ? 0 : pixels.elements() / (height * width);
        for (int row = 0; row < planes * height; row++) {
            int position = (row / height * rows + row % height) * columns;
            target.put(position * bytes, source, row * width * bytes, width * bytes);
        }
        return padded;
    }
}
