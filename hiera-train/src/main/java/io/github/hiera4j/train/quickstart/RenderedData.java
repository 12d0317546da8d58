package io.github.hiera4j.train.quickstart;

import java.nio.file.Path;

/** The data that the quickstart trains on, drawn by formulas: the same files for the same numbers and seeds. */
public final class RenderedData {
    private static final int HELD_OUT = 5;

    private RenderedData() {}

    /**
     * Writes pictures of ten classes (two shapes times five textures) as JPEG: {@code train/CLASS/…}, and a fifth as many in {@code
     * val/CLASS/…}.
     *
     * @param root directory of the data set; it is made if need be
     * @param count training pictures
     * @param seed decides every picture; {@code seed + 1} those that are held out
     */
    public static void pictures(Path root, int count, long seed) {
        pictures(root, count, count / HELD_OUT, seed);
    }

    /**
     * Writes pictures of ten shapes as PNG.
     *
     * @param root directory of the data set; it is made if need be
     * @param count training pictures
     * @param heldOut pictures that are held out
     * @param seed decides every picture; {@code seed + 1} those that are held out
     */
    public static void pictures(Path root, int count, int heldOut, long seed) {
        ShapePictures.write(root.resolve("train"), count, seed);
        ShapePictures.write(root.resolve("val"), heldOut, seed + 1);
    }

    /**
     * Writes clips of eight movements as mp4: {@code train/CLASS/…}, and a fifth as many in {@code val/CLASS/…}.
     *
     * @param root directory of the data set; it is made if need be
     * @param count training clips
     * @param seed decides every clip; {@code seed + 1} those that are held out
     */
    public static void clips(Path root, int count, long seed) {
        clips(root, count, count / HELD_OUT, seed);
    }

    /**
     * Writes clips of eight movements as mp4.
     *
     * @param root directory of the data set; it is made if need be
     * @param count training clips
     * @param heldOut clips that are held out
     * @param seed decides every clip; {@code seed + 1} those that are held out
     */
    public static void clips(Path root, int count, int heldOut, long seed) {
        MotionClips.write(root.resolve("train"), count, seed);
        MotionClips.write(root.resolve("val"), heldOut, seed + 1);
    }
}
