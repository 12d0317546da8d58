package io.github.hiera4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;

/** Two dozen images in two or three classes, and the smallest model, pretrained and fine-tuned on them. */
final class SmallTraining {
    private static final String[] SMALL = {
        "--set", "model=hiera_nano_64", "--set", "epochs=2", "--set", "batch_size=8", "--set", "warmup_epochs=0"
    };

    final Path twoClasses;
    final Path threeClasses;
    final CommandRun pretraining;
    final CommandRun tuning;
    private final Path directory;

    /** Draws the images and trains the autoencoder in {@code mae} and the two-class classifier in {@code tuned}. */
    SmallTraining(Path directory) throws IOException {
        this.directory = directory;
        twoClasses = pictures(directory.resolve("two"), List.of("dark", "light"));
        threeClasses = pictures(directory.resolve("three"), List.of("dark", "light", "medium"));
        pretraining = run("pretrain", "--data", twoClasses, "--out", out("mae"));
        tuning = run(
                "finetune",
                "--data",
                twoClasses,
                "--out",
                out("tuned"),
                "--from",
                out("mae").resolve("model"));
    }

    Path out(String name) {
        return directory.resolve(name);
    }

    /** A command with the settings of a small training. */
    static CommandRun run(Object... arguments) {
        Object[] all = new Object[arguments.length + SMALL.length];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        System.arraycopy(SMALL, 0, all, arguments.length, SMALL.length);
        return CommandRun.of(all);
    }

    /** Draws images whose brightness depends on the class, with some boxes of different brightness. */
    static Path pictures(Path root, List<String> classes) throws IOException {
        Random random = new Random(1);
        for (String part : List.of("train", "val")) {
            for (int label = 0; label < classes.size(); label++) {
                Path place = Files.createDirectories(root.resolve(part).resolve(classes.get(label)));
                for (int number = 0; number < (part.equals("train") ? 12 : 4); number++) {
                    BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
                    Graphics2D g = image.createGraphics();
                    g.setColor(new Color(40 + 80 * label, 40 + 80 * label, 40 + 80 * label + random.nextInt(20)));
                    g.fillRect(0, 0, 64, 64);
                    g.setColor(new Color(random.nextInt(1 << 24)));
                    g.fillRect(random.nextInt(54), random.nextInt(54), 10, 10);
                    g.dispose();
                    ImageIO.write(image, "png", place.resolve(number + ".png").toFile());
                }
            }
        }
        return root;
    }

    /** Checks that no line of a message is wider than a terminal, except for paths. */
    static void assertFits(CommandRun run) {
        assertThat((run.out() + run.err()).lines()).noneMatch(line -> !line.contains("/") && line.length() > 80);
    }
}
