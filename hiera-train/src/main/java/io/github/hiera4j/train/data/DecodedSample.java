package io.github.hiera4j.train.data;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.video.DecodedVideo;
import java.util.List;
import java.util.function.Function;

/**
 * A whole sample in memory. The frames to show are chosen anew each time, exactly as when the sample is read from its file.
 *
 * @param bytes of its pixels
 * @param frames what {@link SampleSource#read} returns for a clip
 */
public record DecodedSample(long bytes, Function<ClipChoice, List<Rgb8Image>> frames) {

    /**
     * {@return a picture, which has no clips}
     *
     * @param picture the picture
     */
    public static DecodedSample of(Rgb8Image picture) {
        List<Rgb8Image> frame = List.of(picture);
        return new DecodedSample((long) Rgb8Image.CHANNELS * picture.width() * picture.height(), clip -> frame);
    }

    /**
     * {@return a video}
     *
     * @param video the decoded frames
     */
    public static DecodedSample of(DecodedVideo video) {
        return new DecodedSample(
                video.bytes(),
                clip -> video.framesAt(clip.choose(video.duration()).times()));
    }
}
