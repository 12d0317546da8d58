package io.github.hiera4j.media.bench;

import io.github.hiera4j.media.image.ImageReader;
import io.github.hiera4j.media.preprocess.ImagePreprocess;
import io.github.hiera4j.media.video.ClipSampler;
import io.github.hiera4j.media.video.VideoReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Prints how fast files are converted to tensors here and in Python: rounds alternate, the ratio is computed for each round, and the
 * median is reported.
 *
 * <p>Arguments: the folder of test resources, then the number of rounds. Pinned to one core, the figures compare one core with one;
 * with more cores, a last line shows the throughput of all cores.
 */
public final class MediaThroughput {
    private static final int IMAGES = 200;
    private static final int CLIPS = 20;

    private MediaThroughput() {}

    public static void main(String[] arguments) throws IOException {
        Path resources = Path.of(arguments[0]);
        int rounds = Integer.parseInt(arguments[1]);
        try (PythonPeer python = new PythonPeer(resources.resolve("bench/peers.py"))) {
            for (String name : new String[] {"baseline_420.jpg", "progressive_444.jpg"}) {
                Path image = resources.resolve("images").resolve(name);
                byte[] bytes = Files.readAllBytes(image);
                Round java = () -> IntStream.range(0, IMAGES).forEach(i -> preprocess(bytes));
                compare("images/s, " + name, rounds, IMAGES, java, () -> python.round("image", image, IMAGES));
                if (Runtime.getRuntime().availableProcessors() > 1) {
                    Round all = () -> IntStream.range(0, IMAGES).parallel().forEach(i -> preprocess(bytes));
                    compare("the same, all cores", rounds, IMAGES, all, () -> python.round("image", image, IMAGES));
                }
            }
            Path video = resources.resolve("videos/long_gop_300f.mp4");
            Round java = () -> IntStream.range(0, CLIPS).forEach(i -> readMiddleClip(video));
            compare("clips/s, long_gop_300f.mp4", rounds, CLIPS, java, () -> python.round("clip", video, CLIPS));
        }
    }

    private static void preprocess(byte[] bytes) {
        ImagePreprocess.imageNet(224, 224).apply(ImageReader.read(bytes, "image"));
    }

    private static void readMiddleClip(Path video) {
        try (VideoReader reader = VideoReader.open(video)) {
            ClipSampler sampler = ClipSampler.middle(16, 4);
            reader.framesAt(sampler.uniform(reader.info().duration()).get(0).times());
        }
    }

    private static void compare(String what, int rounds, int count, Round java, Peer peer) throws IOException {
        for (int warmUp = 0; warmUp < 5; warmUp++) {
            java.run();
        }
        peer.secondsPerItem();
        double[] ours = new double[rounds];
        double[] theirs = new double[rounds];
        double[] ratios = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            long start = System.nanoTime();
            java.run();
            ours[round] = count / ((System.nanoTime() - start) * 1e-9);
            theirs[round] = 1 / peer.secondsPerItem();
            ratios[round] = ours[round] / theirs[round];
        }
        System.out.printf(
                Locale.ROOT,
                "%-40s Java %8.1f  Python %8.1f  ratio %.2f%n",
                what,
                median(ours),
                median(theirs),
                median(ratios));
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** Measures one round of this library. */
    private interface Round {
        void run() throws IOException;
    }

    /** Measures one round of the Python tools. */
    private interface Peer {
        double secondsPerItem() throws IOException;
    }
}
