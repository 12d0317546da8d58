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

/** Reads the given files and reports each result; runs in a separate process, so that a crash is detected. */
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

    /** Reads one intact file of each kind first, so that unpacking the libraries does not count for a broken file. */
    static void loadNatives() {
        read(Fixtures.image("one_pixel.png"));
        read(Fixtures.video("single_frame.mp4"));
    }

    /** Returns the CPU time of the calling thread, which does all the decoding; other processes do not count. */
    static long processorMilliseconds() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1_000_000;
    }

    /** Performs all operations on a file; any outcome other than success or a HieraException ends the process. */
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
