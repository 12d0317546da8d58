import io.github.hiera4j.detect.Detection;
import io.github.hiera4j.detect.DetectorOptions;
import io.github.hiera4j.detect.HieraDetector;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.image.ImageReader;
import io.github.hiera4j.model.backend.CompileOptions;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * A detector as a contender of compare_detect.py: reads one picture file per line and answers with milliseconds, processor
 * milliseconds and the number of detections. The picture is decoded before the clocks start.
 */
public final class DetectContender {
    private DetectContender() {}

    public static void main(String[] arguments) throws Exception {
        Path weights = Path.of(arguments[0]);
        DetectorOptions options = DetectorOptions.DEFAULT
                .withCompile(CompileOptions.DEFAULT.withThreads(Integer.parseInt(arguments[2])))
                .withBackend(arguments[1])
                .withThreshold(.05);
        com.sun.management.OperatingSystemMXBean system =
                (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (HieraDetector detector = HieraDetector.load(weights, options)) {
            System.out.println("ready");
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Rgb8Image picture = ImageReader.read(Path.of(line));
                long start = System.nanoTime();
                long processor = system.getProcessCpuTime();
                List<Detection> found = detector.detect(picture);
                double used = (system.getProcessCpuTime() - processor) / 1e6;
                System.out.println((System.nanoTime() - start) / 1e6 + " " + used + " " + found.size());
            }
        }
    }
}
