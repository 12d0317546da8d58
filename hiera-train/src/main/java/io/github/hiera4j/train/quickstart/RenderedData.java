package io.github.hiera4j.train.quickstart;

import java.nio.file.Path;

/** Renders the data that the quickstart trains on, from formulas: the same numbers and seeds give the same files. */
public final class RenderedData {
    private static final int HELD_OUT = 5;

    private RenderedData() {}

    /**
     * Writes pictures of ten classes (two shapes times five textures) as JPEG: {@code train/CLASS/…}, and a fifth as many in {@code
     * val/CLASS/…}.
     *
     * @param root directory of the data set; created if missing
     * @param count training pictures
     * @param seed seed of the training pictures; {@code seed + 1} is that of the held-out ones
     */
    public static void pictures(Path root, int count, long seed) {
        pictures(root, count, count / HELD_OUT, seed);
    }

    /**
     * Writes pictures of ten shapes as PNG.
     *
     * @param root directory of the data set; created if missing
     * @param count training pictures
     * @param heldOut pictures that are held out
     * @param seed seed of the training pictures; {@code seed + 1} is that of the held-out ones
     */
    public static void pictures(Path root, int count, int heldOut, long seed) {
        ShapePictures.write(root.resolve("train"), count, seed);
        ShapePictures.write(root.resolve("val"), heldOut, seed + 1);
    }

    /**
     * Writes clips of eight movements as mp4: {@code train/CLASS/…}, and a fifth as many in {@code val/CLASS/…}.
     *
     * @param root directory of the data set; created if missing
     * @param count training clips
     * @param seed seed of the training clips; {@code seed + 1} is that of the held-out ones
     */
    public static void clips(Path root, int count, long seed) {
        clips(root, count, count / HELD_OUT, seed);
    }

    /**
     * Writes clips of eight movements as mp4.
     *
     * @param root directory of the data set; created if missing
     * @param count training clips
     * @param heldOut clips that are held out
     * @param seed seed of the training clips; {@code seed + 1} is that of the held-out ones
     */
    public static void clips(Path root, int count, int heldOut, long seed) {
        MotionClips.write(root.resolve("train"), count, seed);
        MotionClips.write(root.resolve("val"), heldOut, seed + 1);
    }
}
