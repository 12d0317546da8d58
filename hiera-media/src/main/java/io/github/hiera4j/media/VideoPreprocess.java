package io.github.hiera4j.media;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * How a clip's frames become a network's input: each is normalised, resized with plain (not antialiased) bilinear
 * interpolation, and cropped.
 *
 * <p>One crop: resized to cover 256/224 of the input size, cropped at the centre. Three crops: resized to cover the input
 * size, cropped at the start, the centre and the end of the longer side. Thread-safe.
 *
 * @param height rows of the network's input
 * @param width columns of the network's input
 * @param normalisation mean and std
 */
public record VideoPreprocess(int height, int width, Normalisation normalisation) {
    private static final int LARGEST_SIDE = 1 << 13;

    public VideoPreprocess {
        check(
                height > 0 && width > 0 && height <= LARGEST_SIDE && width <= LARGEST_SIDE,
                "the input size must lie between 1 and %d pixels, got %d x %d",
                LARGEST_SIDE,
                height,
                width);
    }

    /** The rule of the Kinetics models. */
    public static VideoPreprocess kinetics(int height, int width) {
        return new VideoPreprocess(height, width, Normalisation.KINETICS);
    }

    /** The network's input for one clip, cropped at the centre: float32 {@code [1, 3, frames, height, width]}. */
    public HostTensor apply(List<Rgb8Image> frames) {
        return apply(frames, 1);
    }

    /**
     * The network's input for one clip.
     *
     * @param crops 1 or 3
     * @return float32 {@code [crops, 3, frames, height, width]}
     */
    public HostTensor apply(List<Rgb8Image> frames, int crops) {
        HostTensor views = allocate(crops, frames.size());
        for (int frame = 0; frame < frames.size(); frame++) {
            applyInto(frames.get(frame), views, 0, crops, frame);
        }
        return views;
    }

    /**
     * The network's input for all views of a video, clip by clip and in each crop by crop. Frames are resized as they are
     * decoded, so that only the result is held.
     *
     * @return float32 {@code [clips * crops, 3, frames, height, width]}
     */
    public HostTensor apply(VideoReader reader, ClipSampler sampler) {
        return apply(reader, sampler.uniform(reader.info().duration()), sampler.crops());
    }

    /** The network's input for some clips of a video, all of as many frames. */
    public HostTensor apply(VideoReader reader, List<Clip> clips, int crops) {
        check(!clips.isEmpty(), "%s: expected at least one clip to read, got none", reader);
        int frames = clips.get(0).frames();
        double[] times = new double[clips.size() * frames];
        for (int clip = 0; clip < clips.size(); clip++) {
            check(clips.get(clip).frames() == frames, "clips of one batch need as many frames each, got %s", clips);
            System.arraycopy(clips.get(clip).times(), 0, times, clip * frames, frames);
        }
        HostTensor views = allocate(clips.size() * crops, frames);
        reader.framesAt(
                times, (index, image) -> applyInto(image, views, index / frames * crops, crops, index % frames));
        return views;
    }

    private HostTensor allocate(int views, int frames) {
        return HostTensor.allocate(DType.FLOAT32, Shape.of(views, Rgb8Image.CHANNELS, frames, height, width));
    }

    /** Writes all crops of one frame into consecutive views. */
    private void applyInto(Rgb8Image image, HostTensor views, int firstView, int crops, int frame) {
        check(crops == 1 || crops == 3, "a clip is cropped once or 3 times, got %d", crops);
        for (int i = 0; i < crops; i++) {
            Crop crop = crops == 1
                    ? Crop.covering(image, (int) (width * 256L / 224), (int) (height * 256L / 224), width, height, 0.5)
                    : Crop.covering(image, width, height, width, height, i / 2.0);
            HostTensor view = views.slice(firstView + i);
            FloatBuffer target = view.floats();
            int planeSize = view.shape().size(1) * height * width;
            int start = frame * height * width;
            BilinearResize.run(image, crop, normalisation, (y, planes) -> {
                for (int channel = 0; channel < Rgb8Image.CHANNELS; channel++) {
                    target.put(start + channel * planeSize + y * width, planes, channel * width, width);
                }
            });
        }
    }
}
