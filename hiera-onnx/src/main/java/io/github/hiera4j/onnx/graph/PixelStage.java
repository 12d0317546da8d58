package io.github.hiera4j.onnx.graph;

import static io.github.hiera4j.model.Check.check;
import static io.github.hiera4j.onnx.graph.Attributes.attribute;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.Node;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Prepares the pixels of a network from decoded pictures or clips: resized, centre-cropped, normalised. The input is {@code image}, uint8
 * {@code [B, height, width, 3]}, or {@code video}, uint8 {@code [B, frames, height, width, 3]}: red, green, blue, of any height and
 * width, the same for all pictures of a batch.
 *
 * @param fit the rule for the size to which pictures are resized
 * @param fitHeight rows of that size
 * @param fitWidth columns of that size
 * @param height rows of the centre that is kept
 * @param width columns of the centre that is kept
 * @param roundsDown whether a crop that would start at half a pixel is rounded down; otherwise to even
 * @param filter the filter of resizing
 * @param mean of red, green and blue, on the scale of 0 to 1
 * @param std of red, green and blue, on the same scale
 * @param share share of the sides that is kept, for {@link Fit#SHARE}; otherwise 1
 */
public record PixelStage(
        Fit fit,
        int fitHeight,
        int fitWidth,
        int height,
        int width,
        boolean roundsDown,
        Filter filter,
        List<Double> mean,
        List<Double> std,
        double share)
        implements InputStage {

    /** The input of a picture model. */
    public static final String IMAGE = "image";

    /** The input of a video model. */
    public static final String VIDEO = "video";

    /** The first version whose Resize has antialiasing and can resize selected axes. */
    public static final int LEAST_OPSET = 18;

    /** Rules for the size to which pictures are resized. */
    public enum Fit {
        /** Keeps the aspect ratio: the smallest size that covers the stated size, the longer side rounded down. */
        COVER,
        /** The stated size, regardless of the aspect ratio. */
        STRETCH,
        /** First cuts out a share of the largest part with the crop's aspect ratio, then resizes it to the crop. */
        SHARE
    }

    /** Filters of resizing. */
    public enum Filter {
        /** A cubic convolution (a = -0.5), widened when pictures shrink; the result is rounded to bytes, as in Pillow. */
        BICUBIC_BYTES("cubic", true, true),
        /** A triangle, widened when pictures shrink; the result is rounded to bytes, as in Pillow. */
        BILINEAR_BYTES("linear", true, true),
        /** A triangle, widened when pictures shrink; not rounded. */
        BILINEAR("linear", true, false),
        /** A triangle between the nearest pixels, also when pictures shrink; not rounded. */
        BILINEAR_NEAREST("linear", false, false);

        private final String mode;
        private final boolean antialias;
        private final boolean bytes;

        Filter(String mode, boolean antialias, boolean bytes) {
            this.mode = mode;
            this.antialias = antialias;
            this.bytes = bytes;
        }
    }

    /**
     * Checks the values and copies the collections.
     *
     * @param fit the rule for the size to which pictures are resized
     * @param fitHeight rows of that size
     * @param fitWidth columns of that size
     * @param height rows of the centre that is kept
     * @param width columns of the centre that is kept
     * @param roundsDown whether a crop that would start at half a pixel is rounded down; otherwise to even
     * @param filter the filter of resizing
     * @param mean of red, green and blue, on the scale of 0 to 1
     * @param std of red, green and blue, on the same scale
     * @param share share of the sides that is kept, for {@link Fit#SHARE}; otherwise 1
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public PixelStage {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        check(mean.size() == 3 && std.size() == 3, "mean and std need 3 values each, got %s and %s", mean, std);
        check(share > 0 && share <= 1, "the share of a picture must be in (0, 1], got %s", share);
        check(fit != Fit.SHARE || filter.bytes, "a share of a picture is rounded to bytes, got the filter %s", filter);
        check(
                height >= 1 && width >= 1 && fitHeight >= height && fitWidth >= width,
                "expected a crop of at least 1 pixel and at most %d x %d, got %d x %d",
                fitHeight,
                fitWidth,
                height,
                width);
    }

    /**
     * Resizes the whole picture, then crops it.
     *
     * @param fit how the picture is resized
     * @param fitHeight rows after resizing
     * @param fitWidth columns after resizing
     * @param height rows of the crop
     * @param width columns of the crop
     * @param roundsDown whether half a pixel is rounded down
     * @param filter the filter of resizing
     * @param mean per channel, of pixels of 0 to 1
     * @param std per channel, of pixels of 0 to 1
     */
    public PixelStage(
            Fit fit,
            int fitHeight,
            int fitWidth,
            int height,
            int width,
            boolean roundsDown,
            Filter filter,
            List<Double> mean,
            List<Double> std) {
        this(fit, fitHeight, fitWidth, height, width, roundsDown, filter, mean, std, 1);
    }

    /**
     * {@return a share of the picture, resized to the crop; the result is rounded to bytes}
     *
     * @param share side of the crop as a share of the resized picture's
     * @param height rows of the crop
     * @param width columns of the crop
     * @param filter the filter of resizing
     * @param mean per channel, of pixels of 0 to 1
     * @param std per channel, of pixels of 0 to 1
     */
    public static PixelStage ofShare(
            double share, int height, int width, Filter filter, List<Double> mean, List<Double> std) {
        return new PixelStage(Fit.SHARE, height, width, height, width, false, filter, mean, std, share);
    }

    @Override
    public Set<String> provides() {
        return Set.of(HieraEncoder.INPUT);
    }

    @Override
    public List<String> inputNames(Graph network) {
        Node input = network.inputs().get(HieraEncoder.INPUT);
        return List.of(input != null && input.shape().rank() == 5 ? VIDEO : IMAGE);
    }

    @Override
    public Map<String, Tensor> build(InputNodes nodes, Map<String, Shape> inputs) {
        Shape pixels = java.util.Objects.requireNonNull(inputs.get(HieraEncoder.INPUT));
        boolean video = pixels.rank() == 5;
        nodes.scope("preprocess");
        String frames = video ? frames(nodes, pixels) : image(nodes, pixels); // [pictures, height, width, 3]
        String planes = nodes.node("planes", "Transpose", List.of(frames), attribute("perm", List.of(0, 3, 1, 2)));
        String cropped = fit == Fit.SHARE
                ? new ShareResize(nodes, this, filter.mode.equals("cubic")).build(frames, planes)
                : resizedAndCropped(nodes, frames, planes);
        String result = normalised(nodes, cropped);
        if (video) {
            String clips = nodes.node(
                    "clips", "Reshape", List.of(result, nodes.integers("shape", -1, pixels.size(2), 3, height, width)));
            result = nodes.node("pixels", "Transpose", List.of(clips), attribute("perm", List.of(0, 2, 1, 3, 4)));
        }
        return Map.of(HieraEncoder.INPUT, new Tensor(result, DType.FLOAT32, pixels));
    }

    private String resizedAndCropped(InputNodes nodes, String frames, String planes) {
        String size = fit == Fit.COVER ? covering(nodes, frames) : nodes.integers("sizes", fitHeight, fitWidth);
        String pictures = nodes.node("pictures", "Shape", List.of(frames), attribute("start", 0), attribute("end", 1));
        String sizes = nodes.node(
                "resized_shape", "Concat", List.of(pictures, nodes.integers("number", 3), size), attribute("axis", 0));
        return cropped(nodes, resized(nodes, planes, sizes), size);
    }

    private static String image(InputNodes nodes, Shape pixels) {
        String batch = ValueInfos.axes(pixels).get(0);
        return nodes.input(IMAGE, DType.UINT8, List.of(batch, "height", "width", "3"));
    }

    /** The frames of all clips, one after the other. */
    private static String frames(InputNodes nodes, Shape pixels) {
        List<String> axes = ValueInfos.axes(pixels);
        String clips = nodes.input(VIDEO, DType.UINT8, List.of(axes.get(0), axes.get(2), "height", "width", "3"));
        String frame = nodes.node("frame", "Shape", List.of(clips), attribute("start", 2), attribute("end", 5));
        String shape =
                nodes.node("frames_shape", "Concat", List.of(nodes.integers("shape", -1), frame), attribute("axis", 0));
        return nodes.node("frames", "Reshape", List.of(clips, shape));
    }

    /** All axes are stated: some versions of ONNX Runtime confuse Resize's {@code axes} when they move a Transpose across it. */
    private String resized(InputNodes nodes, String planes, String sizes) {
        String samples = filter.bytes ? planes : nodes.cast("samples", planes, DType.FLOAT32);
        return nodes.node(
                "resized",
                "Resize",
                List.of(samples, "", "", sizes),
                attribute("mode", filter.mode),
                attribute("antialias", filter.antialias ? 1 : 0),
                attribute("cubic_coeff_a", -0.5f),
                attribute("exclude_outside", filter.antialias ? 1 : 0),
                attribute("coordinate_transformation_mode", "half_pixel"));
    }

    /** The centre of resized planes, float32 {@code [pictures, 3, height, width]}, from 0 to 255. */
    private String cropped(InputNodes nodes, String resized, String size) {
        String sides = nodes.integers("sizes", height, width);
        String start = fit == Fit.COVER
                ? start(nodes, nodes.node("left_over", "Sub", List.of(size, sides)))
                : nodes.integers("starts", start(fitHeight - height), start(fitWidth - width));
        String end = nodes.node("end", "Add", List.of(start, sides));
        String centre = nodes.node("centre", "Slice", List.of(resized, start, end, nodes.integers("axes", 2, 3)));
        String fixed = nodes.node("cropped", "Reshape", List.of(centre, nodes.integers("shape", 0, 3, height, width)));
        return filter.bytes ? nodes.cast("cropped_samples", fixed, DType.FLOAT32) : fixed;
    }

    /** Start of the centre crop: half of the excess, with half a pixel rounded down or to even. */
    private int start(int leftOver) {
        int half = leftOver / 2;
        return roundsDown ? half : (leftOver + half % 2) / 2;
    }

    private String start(InputNodes nodes, String leftOver) {
        String two = nodes.integers("number", 2);
        String sum = leftOver;
        if (!roundsDown) {
            String half = nodes.node("half", "Div", List.of(leftOver, two));
            sum = nodes.node("even", "Add", List.of(leftOver, nodes.node("odd", "Mod", List.of(half, two))));
        }
        return nodes.node("start", "Div", List.of(sum, two));
    }

    /** {@code max(fit, floor(size · other fit / other size))}, per side. */
    private String covering(InputNodes nodes, String frames) {
        String size = nodes.node("size", "Shape", List.of(frames), attribute("start", 1), attribute("end", 3));
        String other = nodes.node("other_side", "Gather", List.of(size, nodes.integers("order", 1, 0)));
        String scaled = nodes.node("scaled_side", "Mul", List.of(size, nodes.integers("sizes", fitWidth, fitHeight)));
        String rounded = nodes.node("rounded_side", "Div", List.of(scaled, other));
        return nodes.node("size_to_cover", "Max", List.of(rounded, nodes.integers("sizes", fitHeight, fitWidth)));
    }

    /** {@code (x / 255 - mean) / std}. */
    private String normalised(InputNodes nodes, String samples) {
        float[] factors = new float[3];
        float[] offsets = new float[3];
        for (int channel = 0; channel < 3; channel++) {
            factors[channel] = (float) (1 / (255 * std.get(channel)));
            offsets[channel] = (float) (-mean.get(channel) / std.get(channel));
        }
        Shape perChannel = Shape.of(1, 3, 1, 1);
        String scaled = nodes.node(
                "scaled", "Mul", List.of(samples, nodes.constant("scale", HostTensor.of(perChannel, factors))));
        return nodes.node(
                "normalised", "Add", List.of(scaled, nodes.constant("offset", HostTensor.of(perChannel, offsets))));
    }
}
