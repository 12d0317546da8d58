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
 * How a clip's frames become a network's input: each is resized, cropped and normalised by itself. Thread-safe.
 *
 * @param frames what happens to one frame
 */
public record VideoPreprocess(FramePreprocess frames) {

    /**
     * {@return the rule of the Kinetics models: frames are normalised, resized with plain (not antialiased) bilinear interpolation, and
     * cropped} One crop: resized to cover 256/224 of the input size, cropped at the centre. Three crops: resized to cover the
     * input size, cropped at the start, the centre and the end of the longer side.
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
     * @param clip the frames, of one size
     */
    public HostTensor apply(List<Rgb8Image> clip) {
        return apply(clip, 1);
    }

    /**
     * The network's input for one clip.
     *
     * @param clip the frames, of one size
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
     * The network's input for all views of a video, clip by clip and in each crop by crop. Frames are resized as they are
     * decoded, so that only the result is held.
     *
     * @param reader an open video
     * @param sampler length, stride and number of the clips
     * @return float32 {@code [clips * crops, 3, frames, height, width]}
     */
    public HostTensor apply(VideoReader reader, ClipSampler sampler) {
        return apply(reader, sampler.uniform(reader.info().duration()), sampler.crops());
    }

    /**
     * {@return the network's input for some clips of a video, all of as many frames}
     *
     * @param reader an open video
     * @param clips when each clip starts and which frames it has
     * @param crops 1 or 3 per clip
     */
    public HostTensor apply(VideoReader reader, List<Clip> clips, int crops) {
        check(!clips.isEmpty(), "%s: expected at least one clip to read, got none", reader);
        int count = clips.get(0).frames();
        double[] times = new double[clips.size() * count];
        for (int clip = 0; clip < clips.size(); clip++) {
            check(clips.get(clip).frames() == count, "clips of one batch need as many frames each, got %s", clips);
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
