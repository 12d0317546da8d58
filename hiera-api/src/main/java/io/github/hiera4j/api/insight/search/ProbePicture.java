package io.github.hiera4j.api.insight.search;

import io.github.hiera4j.api.HieraBackbone;
import io.github.hiera4j.media.Rgb8Image;

/** A fixed picture whose embedding identifies a model. */
public final class ProbePicture {
    private static final int SIDE = 256;

    private ProbePicture() {}

    /**
     * Returns the model's embedding of the fixed picture.
     *
     * @param model any backbone
     * @return the embedding
     */
    public static float[] embedding(HieraBackbone model) {
        byte[] rgb = new byte[SIDE * SIDE * Rgb8Image.CHANNELS];
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                int at = (y * SIDE + x) * Rgb8Image.CHANNELS;
                rgb[at] = (byte) x;
                rgb[at + 1] = (byte) y;
                rgb[at + 2] = (byte) (((x >> 5) + (y >> 5)) % 2 * 255);
            }
        }
        return model.embed(Rgb8Image.wrap(SIDE, SIDE, rgb));
    }
}
