package io.github.hiera4j.media.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.media.ResidentMemory;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The largest JPEG files that are read in full size: the memory of a separate process is within the limit. */
@Tag("slow")
class LargeJpegMemoryTest {
    private static final int SIDE = 8192;
    private static final long MEGABYTE = 1L << 20;

    /** Heap in addition to the pixels, because garbage is collected only when the heap is full. */
    private static final long SLACK = 64 * MEGABYTE;

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"RGB, false, 1", "RGB, true, 2", "CMYK, false, 1", "CMYK, true, 2"})
    void thePeakStaysBelowTheStatedLimit(String colours, boolean progressive, int factor) throws Exception {
        Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/status")), "peak memory is read from /proc");
        Path file = directory.resolve(colours + progressive + ".jpg");
        write(file, colours.equals("CMYK") ? 4 : 3, progressive);

        List<Long> figures = ResidentMemory.whileReading(file);

        long width = figures.get(0);
        long taken = figures.get(1);
        assertThat(width).isEqualTo(SIDE / factor);
        assertThat(taken)
                .as("bytes beyond those of a small picture, the file of %d counted twice", Files.size(file))
                .isLessThan((ImageReader.DEFAULT_MAX_MEGABYTES * MEGABYTE) + 2 * Files.size(file) + SLACK);
    }

    /** Writes a ramp, which keeps the file small; colours with four components are written unchanged. */
    private static void write(Path file, int components, boolean progressive) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
            writer.setOutput(out);
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            parameters.setProgressiveMode(progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
            writer.write(null, new IIOImage(raster(components), null, null), parameters);
        } finally {
            writer.dispose();
        }
    }

    private static Raster raster(int components) {
        WritableRaster raster = Raster.createInterleavedRaster(0, SIDE, SIDE, components, null);
        byte[] row = new byte[SIDE * components];
        for (int y = 0; y < SIDE; y++) {
            for (int i = 0; i < row.length; i++) {
                row[i] = (byte) ((i / components + y) / 64 + 40 * (i % components));
            }
            raster.setDataElements(0, y, SIDE, 1, row);
        }
        return raster;
    }
}
