package io.github.hiera4j.api.insight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.api.insight.page.Page;
import io.github.hiera4j.api.insight.picture.ColourMap;
import io.github.hiera4j.api.insight.picture.Grid;
import io.github.hiera4j.api.insight.picture.Hues;
import io.github.hiera4j.api.insight.picture.Panel;
import io.github.hiera4j.api.insight.picture.Pictures;
import io.github.hiera4j.api.insight.picture.Png;
import io.github.hiera4j.api.insight.picture.Scale;
import io.github.hiera4j.api.insight.picture.Sheet;
import io.github.hiera4j.api.insight.picture.SheetPainter;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.image.ImageReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureTest {
    @TempDir
    Path directory;

    private static Rgb8Image noise(int width, int height, long seed) {
        byte[] pixels = new byte[width * height * 3];
        new Random(seed).nextBytes(pixels);
        return Rgb8Image.wrap(width, height, pixels);
    }

    /** Returns the CIE lightness of an sRGB colour, 0 to 100. */
    private static double lightness(int rgb) {
        double[] linear = new double[3];
        for (int i = 0; i < 3; i++) {
            double value = (rgb >> (16 - 8 * i) & 255) / 255.0;
            linear[i] = value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
        }
        double luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
        return 116 * Math.cbrt(luminance) - 16;
    }

    @Test
    void sequentialColoursGrowLighterInEvenSteps() {
        double before = lightness(ColourMap.SEQUENTIAL.rgb(0));
        double first = before;
        double last = lightness(ColourMap.SEQUENTIAL.rgb(1));
        for (int step = 1; step <= 16; step++) {
            double now = lightness(ColourMap.SEQUENTIAL.rgb(step / 16.0));
            assertThat(now - before).isCloseTo((last - first) / 16, within(2.5));
            before = now;
        }
        assertThat(last - first).isGreaterThan(70);
    }

    @Test
    void divergingColoursAreLightestInTheMiddleAndEquallyDarkAtTheEnds() {
        assertThat(lightness(ColourMap.DIVERGING.rgb(0.5))).isGreaterThan(95);
        assertThat(lightness(ColourMap.DIVERGING.rgb(0))).isCloseTo(lightness(ColourMap.DIVERGING.rgb(1)), within(8.0));
    }

    @Test
    void aPngFileHasThePixelsThatWereWritten() {
        Rgb8Image picture = noise(37, 19, 1);
        Path file = directory.resolve("a.png");
        Png.write(file, picture);
        assertThat(ImageReader.read(file)).isEqualTo(picture);
    }

    @Test
    void anAnimatedPngShowsItsFirstPictureToReadersThatKnowNoAnimation() throws IOException {
        List<Rgb8Image> pictures = List.of(noise(20, 10, 1), noise(20, 10, 2), noise(20, 10, 3));
        Path file = directory.resolve("b.png");
        Png.writeAnimated(file, pictures, 250);
        assertThat(ImageReader.read(file)).isEqualTo(pictures.get(0));
        String bytes = Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
        assertThat(bytes).contains("acTL");
        assertThat(bytes.split("fcTL", -1)).hasSize(4);
        assertThat(bytes.split("fdAT", -1)).hasSize(3);
    }

    @Test
    void aCellCoversThePixelsUnderIt() {
        Grid grid = new Grid(2, 2, new float[] {0, 0, 1, 0});
        Rgb8Image picture = Pictures.overlaid(noise(8, 8, 4), grid, new Scale(ColourMap.SEQUENTIAL, 0, 1, "x"), 1);
        assertThat(picture.sample(0, 7, 0)).isEqualTo(ColourMap.SEQUENTIAL.rgb(1) >> 16);
        assertThat(picture.sample(4, 7, 0)).isEqualTo(ColourMap.SEQUENTIAL.rgb(0) >> 16);
        assertThat(grid.smooth(8, 8).indexOfLargest()).isEqualTo(6 * 8);
    }

    @Test
    void aSheetHoldsItsPanelsAndALegend() {
        Scale scale = new Scale(ColourMap.SEQUENTIAL, 0, 2, "attention");
        Sheet sheet = new Sheet(
                "holiday/Grüße <1>.jpg",
                "a caption that is much longer than the sheet is wide, so that it has to be cut off somewhere",
                List.of(List.of(new Panel("input", noise(64, 64, 5)), new Panel("map", noise(64, 64, 6), scale))));
        Rgb8Image picture = SheetPainter.paint(sheet);
        assertThat(picture.width()).isEqualTo(10 + 2 * (256 + 10));
        assertThat(picture.height()).isGreaterThan(256 + 60);
        assertThat(picture.sample(0, 0, 0)).isEqualTo(255);
    }

    @Test
    void textsOfAPageCannotBecomeMarkupAndItLoadsNothing() throws IOException {
        Path file = directory.resolve("page.html");
        Scale scale = new Scale(ColourMap.DIVERGING, -1, 1, "<b>score</b>");
        new Page("<script>alert(1)</script>", "by 'hiera'")
                .legends(List.of(scale))
                .sheet(new Sheet("<img src=x>", "", List.of(List.of(new Panel("\"><i>", noise(8, 8, 7), scale)))))
                .table("figures", List.of("a"), List.of(List.of("<td>")))
                .write(file);
        String html = Files.readString(file);
        assertThat(html)
                .doesNotContain("<script>")
                .doesNotContain("<img src=x>")
                .doesNotContain("<i>");
        assertThat(html).doesNotContain("<b>").doesNotContain("http:").doesNotContain("https:");
        assertThat(html).contains("data:image/png;base64,").contains("prefers-color-scheme:dark");
    }

    @Test
    void namesGetColoursThatDifferClearlyAndKeepThem() {
        Hues hues = new Hues();
        List<Integer> colours =
                IntStream.range(0, 12).mapToObj(i -> hues.rgb("class " + i)).toList();
        for (int i = 0; i < colours.size(); i++) {
            assertThat(hues.rgb("class " + i)).isEqualTo(colours.get(i));
            assertThat(lightness(colours.get(i))).isGreaterThan(45); // under dark text
            for (int j = 0; j < i; j++) {
                int distance = 0;
                for (int shift = 0; shift <= 16; shift += 8) {
                    distance += Math.abs((colours.get(i) >> shift & 255) - (colours.get(j) >> shift & 255));
                }
                assertThat(distance).as("colours %d and %d", i, j).isGreaterThan(30);
            }
        }
        assertThat(hues.css("class 0")).matches("#[0-9a-f]{6}");
    }
}
