package io.github.hiera4j.media.preprocess;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.video.Clip;
import io.github.hiera4j.media.video.ClipSampler;
import io.github.hiera4j.media.video.VideoReader;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.List;

/**
 * The conversion of a clip to a network's input: each frame is resized, cropped and normalised independently. Thread-safe.
 *
 * @param frames the conversion of one frame
 */
public record VideoPreprocess(FramePreprocess frames) {

    /**
     * {@return the rule of the Kinetics models: frames are normalised, resized with bilinear interpolation without antialiasing, and
     * cropped} For one crop, frames are resized to cover 256/224 of the input size and cropped at the centre. For three crops, they are
     * resized to cover the input size and cropped at the start, the centre and the end of the longer side.
     *
     * @param height rows of the network's input
     * @param width columns of the network's input
     */
    public static VideoPreprocess kinetics(int height, int width) {
        return new VideoPreprocess(new KineticsFrames(height, width, Normalisation.KINETICS));
    }

    /**
     * {@return the network's input for one clip, cropped at the centre: float32 {@code [1, 3, frames, height, width]}}
     *
     * @param clip the frames, of equal size
     */
    public HostTensor apply(List<Rgb8Image> clip) {
        return apply(clip, 1);
    }

    /**
     * Returns the network's input for one clip.
     *
     * @param clip the frames, of equal size
     * @param crops 1 or 3
     * @return float32 {@code [crops, 3, frames, height, width]}
     */
    public HostTensor apply(List<Rgb8Image> clip, int crops) {
        HostTensor views = allocate(crops, clip.size());
        for (int frame = 0; frame < clip.size(); frame++) {
            applyInto(clip.get(frame), views, 0, crops, frame);
        }
        return views;
    }

    /**
     * Returns the network's input for all views of a video, ordered by clip and then by crop. Frames are resized as they are decoded, so
     * only the result is kept in memory.
     *
     * @param reader an open video
     * @param sampler determines length, stride and number of the clips
     * @return float32 {@code [clips * crops, 3, frames, height, width]}
     */
    public HostTensor apply(VideoReader reader, ClipSampler sampler) {
        return apply(reader, sampler.uniform(reader.info().duration()), sampler.crops());
    }

    /**
     * {@return the network's input for clips of a video, all with the same number of frames}
     *
     * @param reader an open video
     * @param clips the times of the frames of each clip
     * @param crops 1 or 3 per clip
     */
    public HostTensor apply(VideoReader reader, List<Clip> clips, int crops) {
        check(!clips.isEmpty(), "%s: expected at least one clip to read, got none", reader);
        int count = clips.get(0).frames();
        double[] times = new double[clips.size() * count];
        for (int clip = 0; clip < clips.size(); clip++) {
            check(
                    clips.get(clip).frames() == count,
                    "clips of one batch need the same number of frames, got %s",
                    clips);
            System.arraycopy(clips.get(clip).times(), 0, times, clip * count, count);
        }
        HostTensor views = allocate(clips.size() * crops, count);
        reader.framesAt(times, (index, image) -> applyInto(image, views, index / count * crops, crops, index % count));
        return views;
    }

    private HostTensor allocate(int views, int count) {
        return HostTensor.allocate(
                DType.FLOAT32, Shape.of(views, Rgb8Image.CHANNELS, count, frames.height(), frames.width()));
    }

    /** Writes all crops of one frame into consecutive views. */
    private void applyInto(Rgb8Image image, HostTensor views, int firstView, int crops, int frame) {
        check(crops == 1 || crops == 3, "a clip is cropped once or 3 times, got %d", crops);
        int size = frames.height() * frames.width();
        for (int crop = 0; crop < crops; crop++) {
            HostTensor view = views.slice(firstView + crop);
            int count = view.shape().size(1);
            frames.write(image, crop, crops, view.floats(), frame * size, count * size);
        }
    }
}
