package io.github.hiera4j.train.report;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.AtomicFile;
import io.github.hiera4j.model.mae.HieraMae;
import io.github.hiera4j.torch.train.FrozenWeights;
import io.github.hiera4j.train.data.Batch;
import io.github.hiera4j.train.data.BatchLoader;
import io.github.hiera4j.train.data.EpochOrder;
import io.github.hiera4j.train.data.SampleSource;
import io.github.hiera4j.train.evaluate.BatchPlans;
import io.github.hiera4j.train.objective.MaeObjective;
import io.github.hiera4j.train.recipe.DataSettings;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import javax.imageio.ImageIO;

/**
 * Shows how the reconstructions of a few held-out samples change during pretraining: after every evaluation, the same samples are
 * reconstructed with the same masks, stacked vertically and written to the run's directory.
 */
public final class ReconstructionStrip {
    /** The subdirectory of the pictures in the run's directory. */
    public static final String DIRECTORY = "reconstructions";

    static final String ORIGINAL = "original.png";
    static final String MASKED = "masked.png";
    static final int SAMPLES = 4;

    private final MaeObjective objective;
    private final DataSettings data;
    private final Path directory;

    /**
     * Creates a strip; nothing is written yet.
     *
     * @param objective the objective of the pretraining
     * @param data the recipe's settings of the data
     * @param run the run's directory
     */
    public ReconstructionStrip(MaeObjective objective, DataSettings data, Path run) {
        this.objective = objective;
        this.data = data;
        this.directory = run.resolve(DIRECTORY);
    }

    /**
     * Reconstructs the samples with the current weights.
     *
     * @param step updates so far
     * @param weights the model's current weights
     * @param heldOut the held-out samples
     * @param loader reads the samples
     * @throws HieraException if the pictures cannot be written
     */
    public void add(long step, FrozenWeights weights, SampleSource heldOut, BatchLoader loader) {
        int count = Math.min(SAMPLES, heldOut.size());
        BatchLoader.Plan plan = BatchPlans.test(data.withBatchSize(count), objective.encoder(), heldOut);
        Triptych triptych = new Triptych(objective.autoencoder(), objective.maskRatio(), data.pixelNormalisation());
        try (BatchLoader.Batches batches = loader.epoch(plan, EpochOrder.spread(count, heldOut.size()), 0, 0, 0)) {
            Batch batch = batches.next();
            List<Triptych.Pictures> pictures = triptych.reconstruct(
                    batch.pixels(), (graph, feeds) -> weights.run(graph, feeds).tensor(HieraMae.PREDICTION));
            createDirectory();
            write(ORIGINAL, pictures, Triptych.Pictures::original);
            write(MASKED, pictures, Triptych.Pictures::masked);
            write(name(step), pictures, Triptych.Pictures::reconstructed);
        }
    }

    static String name(long step) {
        return String.format(Locale.ROOT, "step-%09d.png", step);
    }

    private void createDirectory() {
        try {
            Files.createDirectories(directory);
        } catch (IOException fault) {
            throw new HieraException(directory + ": cannot be created: " + FileFault.reason(fault), fault);
        }
    }

    private void write(String name, List<Triptych.Pictures> pictures, Function<Triptych.Pictures, Rgb8Image> which) {
        byte[] png = png(pictures.stream().map(which).toList());
        AtomicFile.write(directory.resolve(name), channel -> {
            ByteBuffer bytes = ByteBuffer.wrap(png);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }

    /** Stacks pictures of one size vertically. */
    private static byte[] png(List<Rgb8Image> pictures) {
        int width = pictures.get(0).width();
        int height = pictures.get(0).height();
        BufferedImage all = new BufferedImage(width, height * pictures.size(), BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < pictures.size(); i++) {
            Rgb8Image picture = pictures.get(i);
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    int rgb = picture.sample(x, y, 0) << 16 | picture.sample(x, y, 1) << 8 | picture.sample(x, y, 2);
                    all.setRGB(x, i * height + y, rgb);
                }
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(all, "png", bytes);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        return bytes.toByteArray();
    }
}
