package io.github.hiera4j.media;

import io.github.hiera4j.media.image.ImageReader;
import io.github.hiera4j.media.preprocess.ImagePreprocess;
import io.github.hiera4j.media.preprocess.VideoPreprocess;
import io.github.hiera4j.media.video.ClipSampler;
import io.github.hiera4j.media.video.VideoReader;
import io.github.hiera4j.model.HieraException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads each file it is given and says what came of it: run in a separate process, so that a crash is seen. */
final class BrokenFiles {
    private BrokenFiles() {}

    public static void main(String[] files) throws IOException {
        loadNatives();
        for (String file : files) {
            long start = processorMilliseconds();
            String outcome = read(Path.of(file));
            System.out.println(file + "\t" + (processorMilliseconds() - start) + "\t" + outcome);
        }
        System.out.println("held\t" + MediaMemory.liveNativeBytes() + "\t" + MediaMemory.openVideos());
        System.out.println("peak\t" + peakKilobytes());
    }

    /** Reads one good file of each kind: the libraries are unpacked only once, and not at the cost of a broken file. */
    static void loadNatives() {
        read(Fixtures.image("one_pixel.png"));
        read(Fixtures.video("single_frame.mp4"));
    }

    /** What the calling thread, which decodes everything itself, has computed; other processes do not count. */
    static long processorMilliseconds() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1_000_000;
    }

    /** Everything a caller may do with a file; anything but success and a HieraException ends the process. */
    static String read(Path file) {
        try {
            if (MediaFile.recognise(file).kind() == MediaKind.IMAGE) {
                ImagePreprocess.imageNet(224, 224).apply(ImageReader.read(file));
                return "image";
            }
            try (VideoReader reader = VideoReader.open(file)) {
                ClipSampler sampler = new ClipSampler(8, 4, 2, 1);
                VideoPreprocess.kinetics(224, 224).apply(reader, sampler);
                return "video " + reader.warnings();
            }
        } catch (HieraException e) {
            return "refused: " + e.getMessage();
        }
    }

    static long peakKilobytes() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return -1;
        }
        List<String> lines = Files.readAllLines(status);
        return lines.stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .map(line -> line.replaceAll("\\D", ""))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(-1);
    }
}
