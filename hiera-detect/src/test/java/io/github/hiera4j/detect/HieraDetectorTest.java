package io.github.hiera4j.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.detect.checkpoint.DetectorCheckpointWriter;
import io.github.hiera4j.detect.checkpoint.DetectorKeys;
import io.github.hiera4j.detect.model.PictureInput;
import io.github.hiera4j.detect.network.InputRules;
import io.github.hiera4j.detect.network.MaskRcnnConfig;
import io.github.hiera4j.detect.picture.DetectionPicture;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.preprocess.Normalisation;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.mask.RunLengthMask;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HieraDetectorTest {
    @TempDir
    Path directory;

    private HieraDetector load(MaskRcnnConfig config, String backend) {
        DetectorCheckpointWriter.write(
                directory, NanoDetector.description(config), NanoDetector.weights(config), DetectorKeys.DETECTRON2);
        return HieraDetector.load(
                directory, DetectorOptions.DEFAULT.withBackend(backend).withThreshold(.2));
    }

    @Test
    void detectionsLieInThePictureAndHaveNames() {
        for (MaskRcnnConfig config : List.of(NanoDetector.config(), NanoDetector.torchvision())) {
            try (HieraDetector detector = load(config, "onednn")) {
                for (int[] size : new int[][] {{64, 64}, {97, 31}, {20, 200}, {1, 1}}) {
                    Rgb8Image picture = NanoDetector.picture(size[0], size[1], 3);
                    List<Detection> found = detector.detect(picture);

                    assertThat(found).allSatisfy(detection -> {
                        assertThat(detection.score()).isBetween(.2, 1.0);
                        assertThat(List.of("disc", "square", "star").get(detection.classIndex()))
                                .isEqualTo(detection.label());
                        assertThat(detection.categoryId())
                                .isEqualTo(List.of(2L, 5L, 9L).get(detection.classIndex()));
                        assertThat(detection.x1()).isBetween(0.0, detection.x2());
                        assertThat(detection.x2()).isLessThanOrEqualTo(size[0] + 1e-3);
                        assertThat(detection.y2()).isLessThanOrEqualTo(size[1] + 1e-3);
                        assertThat(detection.mask().width()).isEqualTo(size[0]);
                        assertThat(detection.mask().height()).isEqualTo(size[1]);
                    });
                }
            }
        }
    }

    @Test
    void plainHieraIsATrunkToo() {
        MaskRcnnConfig config = NanoDetector.plain();
        Rgb8Image picture = NanoDetector.picture(61, 47, 5);
        List<List<String>> found = new ArrayList<>();
        for (String backend : List.of("reference", "onednn", "torch")) {
            try (HieraDetector detector = load(config, backend)) {
                assertThat(detector.config().trunk().plain()).isNotNull();
                found.add(places(detector.detect(picture)));
            }
        }
        assertThat(found.get(0)).isNotEmpty();
        assertThat(found.get(1)).isEqualTo(found.get(0));
        assertThat(found.get(2)).isEqualTo(found.get(0));
    }

    @Test
    void batchesOfAnySizeAndSeveralThreadsGiveWhatSinglePicturesGive() {
        for (String backend : List.of("onednn", "torch")) {
            batchesGiveWhatSinglePicturesGive(backend);
        }
    }

    private void batchesGiveWhatSinglePicturesGive(String backend) {
        try (HieraDetector detector = load(NanoDetector.config(), backend)) {
            List<Rgb8Image> pictures = IntStream.range(0, 8)
                    .mapToObj(i -> NanoDetector.picture(50 + 7 * i, 60, i))
                    .toList();
            List<List<Detection>> single =
                    pictures.stream().map(detector::detect).toList();
            assertThat(single.stream().mapToInt(List::size).sum()).isPositive();
            for (int count : new int[] {1, 2, 5, 8}) {
                List<List<Detection>> together = detector.detectAll(pictures.subList(0, count));
                for (int i = 0; i < count; i++) {
                    assertThat(places(together.get(i))).isEqualTo(places(single.get(i)));
                }
            }
            List<List<Detection>> parallel =
                    pictures.parallelStream().map(detector::detect).toList();
            for (int i = 0; i < pictures.size(); i++) {
                assertThat(places(parallel.get(i))).isEqualTo(places(single.get(i)));
            }
        }
    }

    @Test
    void withoutASquareEveryPictureIsPaddedToMultiplesOfItsOwnSize() {
        MaskRcnnConfig config = NanoDetector.torchvision().withInput(new InputRules(64, 128, false, false));
        List<Rgb8Image> pictures = List.of(
                NanoDetector.picture(100, 50, 1), // 128 x 64
                NanoDetector.picture(64, 80, 2), // 64 x 80, padded to 64 x 96
                NanoDetector.picture(30, 200, 3), // 19 x 128, padded to 32 x 128
                NanoDetector.picture(90, 45, 4)); // 128 x 64
        PictureInput input = new PictureInput(config, Normalisation.IMAGENET);
        assertThat(pictures.stream().map(picture -> input.paddedSize(picture.height(), picture.width())))
                .containsExactly(List.of(64, 128), List.of(96, 64), List.of(128, 32), List.of(64, 128));

        List<List<String>> found = new ArrayList<>();
        for (String backend : List.of("reference", "onednn", "torch")) {
            try (HieraDetector detector = load(config, backend)) {
                List<List<Detection>> together = detector.detectAll(pictures);
                for (int i = 0; i < pictures.size(); i++) {
                    assertThat(places(detector.detect(pictures.get(i)))).isEqualTo(places(together.get(i)));
                }
                found.add(together.stream()
                        .flatMap(picture -> places(picture).stream())
                        .toList());
            }
        }
        assertThat(found.get(0)).isNotEmpty();
        assertThat(found.get(1)).isEqualTo(found.get(0));
        assertThat(found.get(2)).isEqualTo(found.get(0));
    }

    @Test
    void paddingToASquareGivesOtherFeatures() {
        Rgb8Image picture = NanoDetector.picture(128, 64, 1);
        MaskRcnnConfig own = NanoDetector.torchvision().withInput(new InputRules(64, 128, false, false));
        MaskRcnnConfig square = own.withInput(new InputRules(64, 128, true, false));
        List<List<Double>> scores = new ArrayList<>();
        for (MaskRcnnConfig config : List.of(own, square)) {
            try (HieraDetector detector = load(config, "onednn")) {
                scores.add(
                        detector.detect(picture).stream().map(Detection::score).toList());
            }
        }
        assertThat(scores.get(0)).isNotEqualTo(scores.get(1));
    }

    @Test
    void fewInputSizesAreHeldAtOnce() {
        MaskRcnnConfig config = NanoDetector.torchvision().withInput(new InputRules(32, 256, false, false));
        DetectorCheckpointWriter.write(
                directory, NanoDetector.description(config), NanoDetector.weights(config), DetectorKeys.TORCHVISION);
        DetectorOptions options = DetectorOptions.DEFAULT.withBackend("onednn").withKeptSizes(2);
        try (HieraDetector detector = HieraDetector.load(directory, options)) {
            List<List<String>> first = new ArrayList<>();
            long most = 0;
            for (int round = 0; round < 2; round++) {
                for (int width = 32; width <= 256; width += 64) {
                    List<String> places = places(detector.detect(NanoDetector.picture(width, 32, width)));
                    most = Math.max(most, detector.nativeBytes());
                    if (round == 0) {
                        first.add(places);
                    } else {
                        assertThat(places).isEqualTo(first.get(width / 64));
                    }
                }
            }
            detector.detect(NanoDetector.picture(256, 32, 256));
            long one = detector.nativeBytes() / 2;
            assertThat(most).isLessThan(4 * one); // five sizes would be more
        }
        assertThatThrownBy(() -> DetectorOptions.DEFAULT.withKeptSizes(0))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("1 or more, got 0");
    }

    @Test
    void aPlainTrunkTakesNoPicturesOfSeveralSizes() {
        MaskRcnnConfig plain = NanoDetector.plain();

        assertThatThrownBy(() -> plain.withInput(new InputRules(64, 128, false, false)))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("input.square is false")
                .hasMessageContaining("[64, 64]");
        assertThat(MaskRcnnConfig.torchvision(plain.trunk(), 3).input().square())
                .isTrue();
    }

    private static List<String> places(List<Detection> detections) {
        return detections.stream()
                .map(detection -> detection.label() + Math.round(detection.x1()) + "," + Math.round(detection.y2())
                        + "," + Math.round(100 * detection.score()))
                .toList();
    }

    @Test
    void aClosedDetectorSaysSo() {
        HieraDetector detector = load(NanoDetector.config(), "reference");
        detector.close();
        detector.close();

        assertThatThrownBy(() -> detector.detect(NanoDetector.picture(8, 8, 1)))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("closed");
        assertThat(detector.nativeBytes()).isZero();
    }

    @Test
    void picturesShowMasksBoxesAndLabels() {
        byte[] pixels = new byte[120 * 90];
        for (int at = 0; at < pixels.length; at++) {
            int x = at % 120;
            pixels[at] = (byte) (x >= 40 && x < 80 && at / 120 >= 40 && at / 120 < 80 ? 1 : 0);
        }
        Detection detection = new Detection("disc", 0, 1, .9, 40, 40, 80, 80, RunLengthMask.ofPixels(90, 120, pixels));
        Rgb8Image grey = Rgb8Image.wrap(120, 90, new byte[120 * 90 * 3]);

        BufferedImage picture = DetectionPicture.draw(grey, List.of(detection));

        assertThat(picture.getRGB(10, 80) & 0xffffff).isZero();
        assertThat(picture.getRGB(60, 60) & 0xffffff).isNotZero();
        assertThat(picture.getRGB(40, 60)).isNotEqualTo(picture.getRGB(60, 60)); // the box
        assertThat(picture.getRGB(42, 32) & 0xffffff).isNotZero(); // the label's background
    }
}
