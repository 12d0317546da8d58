package io.github.hiera4j.train.report;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.image.ImageReader;
import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.train.metrics.Metrics;
import io.github.hiera4j.train.page.Page;
import io.github.hiera4j.train.page.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The pictures of {@link ReconstructionStrip}, side by side: the same samples after increasing numbers of epochs. */
public final class ReconstructionStripPanel implements ReportPanel {
    private static final int MOST = 8;

    @Override
    public void addTo(Page page, ReportSubject subject) {
        subject.run().map(run -> run.resolve(ReconstructionStrip.DIRECTORY)).ifPresent(directory -> {
            List<Path> steps = steps(directory);
            if (steps.size() > 1) {
                page.subheading("The same held-out samples, reconstructed over epochs");
                int samples = Math.min(
                        ReconstructionStrip.SAMPLES,
                        subject.dataset().validation().size());
                List<Picture> stacks = pictures(directory, steps, subject.run().orElseThrow());
                page.pictureSets(IntStream.range(0, samples)
                        .mapToObj(sample -> stacks.stream()
                                .map(stack -> part(stack, sample, samples))
                                .toList())
                        .toList());
            }
        });
    }

    private static List<Path> steps(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches("step-[0-9]{9,}\\.png"))
                    .sorted()
                    .toList();
        } catch (IOException fault) {
            throw new HieraException(directory + ": cannot be listed: " + FileFault.reason(fault), fault);
        }
    }

    private static List<Picture> pictures(Path directory, List<Path> steps, Path run) {
        List<Picture> pictures = new ArrayList<>();
        pictures.add(picture(directory.resolve(ReconstructionStrip.MASKED), "masked"));
        int shown = Math.min(MOST, steps.size());
        Map<String, List<double[]>> figures = Metrics.read(run);
        for (int i = 0; i < shown; i++) { // the first and the last are among them
            Path file = steps.get((int) ((long) i * (steps.size() - 1) / (shown - 1)));
            long step = Long.parseLong(file.getFileName().toString().replaceAll("\\D", ""));
            pictures.add(picture(file, caption(step, figures.getOrDefault("validation_loss", List.of()))));
        }
        pictures.add(picture(directory.resolve(ReconstructionStrip.ORIGINAL), "original"));
        return pictures;
    }

    private static String caption(long step, List<double[]> losses) {
        return losses.stream()
                .filter(point -> point[0] == step)
                .map(point -> String.format(Locale.ROOT, "step %d, loss %.3f", step, point[1]))
                .findFirst()
                .orElse("step " + step);
    }

    /** Cuts one sample out of the vertical stack. */
    private static Picture part(Picture stack, int sample, int samples) {
        Rgb8Image all = stack.image();
        int height = all.height() / samples;
        int bytes = height * all.width() * Rgb8Image.CHANNELS;
        byte[] rgb = Arrays.copyOfRange(all.toByteArray(), sample * bytes, (sample + 1) * bytes);
        return new Picture(
                Rgb8Image.wrap(all.width(), height, rgb), stack.description(), stack.mark(), stack.caption());
    }

    private static Picture picture(Path file, String caption) {
        return Picture.of(ImageReader.read(file), "Held-out samples: " + caption, caption);
    }
}
