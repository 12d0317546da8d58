package io.github.hiera4j.media.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.media.Fixtures;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.video.Clip;
import io.github.hiera4j.media.video.ClipSampler;
import io.github.hiera4j.media.video.VideoReader;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

public class VideoPreprocessTest {
    private static final VideoPreprocess PREPROCESS = VideoPreprocess.kinetics(224, 224);

    static Stream<JsonNode> cases() {
        return StreamSupport.stream(
                Fixtures.golden("video_preprocess").get("cases").spliterator(), false);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void viewsMatchPyTorch(JsonNode golden) {
        Rgb8Image frame =
                picture(golden.get("width").intValue(), golden.get("height").intValue());

        HostTensor views = PREPROCESS.apply(List.of(frame), golden.get("crops").intValue());

        HostTensor view = views.slice(golden.get("crop").intValue());
        JsonNode index = golden.get("index");
        for (int i = 0; i < index.size(); i++) {
            assertThat(view.get(index.get(i).intValue()))
                    .isCloseTo(golden.get("value").get(i).doubleValue(), within(2e-6));
        }
        double sum = 0;
        for (double value : view.toDoubles()) {
            sum += value;
        }
        assertThat(sum / view.elements()).isCloseTo(golden.get("mean").doubleValue(), within(1e-6));
    }

    @Test
    void allViewsOfAVideoAreItsClipsTimesItsCrops() {
        ClipSampler sampler = new ClipSampler(4, 8, 2, 3);
        try (VideoReader reader = VideoReader.open(Fixtures.video("portrait_60f.mp4"))) {
            HostTensor views = PREPROCESS.apply(reader, sampler);

            assertThat(views.shape()).isEqualTo(Shape.of(6, 3, 4, 224, 224));
            List<Clip> clips = sampler.uniform(reader.info().duration());
            for (int clip = 0; clip < 2; clip++) {
                HostTensor alone =
                        PREPROCESS.apply(reader.framesAt(clips.get(clip).times()), 3);
                for (int crop = 0; crop < 3; crop++) {
                    assertThat(views.slice(clip * 3 + crop).bytes())
                            .isEqualTo(alone.slice(crop).bytes());
                }
            }
        }
    }

    @Test
    void aClipIsOneBatchEntry() {
        HostTensor clip = VideoPreprocess.kinetics(32, 48).apply(List.of(picture(60, 40), picture(60, 40)));

        assertThat(clip.shape()).isEqualTo(Shape.of(1, 3, 2, 32, 48));
    }

    private static Rgb8Image picture(int width, int height) {
        byte[] rgb = new byte[width * height * 3];
        for (int i = 0; i < rgb.length; i++) {
            int channel = i % 3;
            int x = i / 3 % width;
            int y = i / 3 / width;
            rgb[i] = (byte) (x * 7 + y * 13 + channel * 101 + x * y * (channel + 1));
        }
        return new Rgb8Image(width, height, rgb);
    }
}
