package io.github.hiera4j.model.weights.config;

import static io.github.hiera4j.model.Check.checkSupported;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.UnsupportedException;
import io.github.hiera4j.model.io.Json;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.weights.config.PreprocessHints.CropOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * transformers' {@code preprocessor_config.json}, or the {@code image_processor} of its {@code processor_config.json}: how pictures
 * are prepared. If a directory has both, the latter is used, as in transformers.
 *
 * <p>Every setting that changes pixels is either supported or rejected by name. Missing settings have the defaults of the processor that
 * the file names, or of Hiera's {@code BitImageProcessor} if it names none.
 */
public final class PreprocessorConfig {
    /** The name of transformers' file. */
    public static final String NAME = "preprocessor_config.json";

    /** The name of the file of a processor that includes an image processor. */
    private static final String PROCESSOR_NAME = "processor_config.json";

    private static final List<Double> HALF = List.of(0.5, 0.5, 0.5);
    private static final List<Double> CLIP_MEAN = List.of(0.48145466, 0.4578275, 0.40821073);
    private static final List<Double> CLIP_STD = List.of(0.26862954, 0.26130258, 0.27577711);

    /** ConvNeXt's processor crops at sizes smaller than this; at larger sizes it resizes without keeping the aspect ratio. */
    private static final int LARGEST_CROPPED_CONVNEXT = 384;

    /** The defaults of one processor. */
    private record Defaults(boolean square, boolean crops, int resample, List<Double> mean, List<Double> std) {}

    private record Size(int height, int width) {
        @Override
        public String toString() {
            return height + " × " + width;
        }
    }

    private final ConfigFields fields;
    private final HieraConfig model;
    private final String processor;
    private final Defaults defaults;

    private PreprocessorConfig(ConfigFields fields, HieraConfig model) {
        this.fields = fields;
        this.model = model;
        String named = fields.text("image_processor_type", fields.text("feature_extractor_type", "BitImageProcessor"));
        processor = named.replaceFirst("(ImageProcessorFast|ImageProcessorPil|ImageProcessor|FeatureExtractor)$", "");
        defaults = switch (processor.toLowerCase(Locale.ROOT)) {
            case "bit", "clip" -> new Defaults(false, true, 3, CLIP_MEAN, CLIP_STD);
            case "vit" -> new Defaults(true, false, 2, HALF, HALF);
            case "convnext" -> new Defaults(false, false, 2, TimmConfig.IMAGENET_MEAN, TimmConfig.IMAGENET_STD);
            default ->
                throw unsupported(
                        fields.has("image_processor_type") ? "image_processor_type" : "feature_extractor_type",
                        "BitImageProcessor, ViTImageProcessor, CLIPImageProcessor or ConvNextImageProcessor");
        };
    }

    /**
     * Reads the settings beside a weight file, if any.
     *
     * @param weightFile the weight file
     * @param model the settings of the model
     * @return the hints; empty if there is no file
     * @throws HieraException if a setting is not supported; the message names it and the file
     */
    public static Optional<PreprocessHints> read(Path weightFile, HieraConfig model) {
        Optional<ConfigFields> found = beside(weightFile);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        ConfigFields fields = found.get();
        try {
            checkSupported(
                    model.axes() == 2, "prepares pictures, but the model takes input_size %s", model.inputSize());
            Settings.PROCESSOR.check(fields);
            return Optional.of(new PreprocessorConfig(fields, model).hints());
        } catch (HieraException e) {
            String message = e.getMessage();
            throw message.startsWith(fields.source()) ? e : e.withMessage(fields.source() + message);
        }
    }

    /** Returns the settings of the image processor from the file that transformers would read; empty if there is none. */
    static Optional<ConfigFields> beside(Path weightFile) {
        Path whole = weightFile.toAbsolutePath().resolveSibling(PROCESSOR_NAME);
        if (Files.isRegularFile(whole)) {
            ConfigFields processor = new ConfigFields(whole + ": ", Json.readObject(whole));
            if (processor.has("image_processor")) {
                return Optional.of(processor.object("image_processor"));
            }
        }
        Path file = weightFile.toAbsolutePath().resolveSibling(NAME);
        return Files.isRegularFile(file)
                ? Optional.of(new ConfigFields(file + ": ", Json.readObject(file)))
                : Optional.empty();
    }

    private PreprocessHints hints() {
        if (!fields.bool("do_resize", true)) {
            throw unsupported("do_resize", "true");
        }
        boolean normalizes = fields.bool("do_normalize", true);
        // (pixel · factor - mean) / std, written for pixels in [0, 1]
        double scale = 255 * (fields.bool("do_rescale", true) ? fields.number("rescale_factor", 1 / 255.0) : 1);
        if (!(scale > 0)) {
            throw unsupported("rescale_factor", "a number above 0");
        }
        List<Double> mean = normalizes ? channels("image_mean", defaults.mean()) : List.of(0.0, 0.0, 0.0);
        List<Double> std = normalizes ? channels("image_std", defaults.std()) : List.of(1.0, 1.0, 1.0);
        double exact = Math.abs(scale - 1) < 1e-6 ? 1 : scale; // 0.00392156862745098 is 1/255 to its last digit
        Framed framed = framed();
        return new PreprocessHints(
                mean.stream().map(value -> value / exact).toList(),
                std.stream().map(value -> value / exact).toList(),
                framed.share(),
                interpolation(),
                model.inputSize(),
                framed.order(),
                Optional.empty());
    }

    /** The order of resizing and cropping, and the share of the resized picture that the crop keeps. */
    private record Framed(CropOrder order, double share) {}

    private Framed framed() {
        boolean square = fields.bool("default_to_square", defaults.square());
        ConfigFields size =
                fields.object(fields.has("size") && fields.node("size").isObject() ? "size" : "");
        int side = fields.has("size") && !fields.node("size").isObject() ? fields.integer("size", 0) : 0;
        boolean isConvNext = processor.equalsIgnoreCase("convnext");
        int shortest = size.integer("shortest_edge", side > 0 && !square ? side : 0);
        boolean hasSides = size.has("height") && size.has("width");
        if (size.has("longest_edge") || size.has("max_height") || size.has("max_width")) {
            throw unsupported("size", "shortest_edge, or height and width");
        }
        if (shortest == 0 && !hasSides && side == 0) {
            shortest = square ? 0 : isConvNext ? LARGEST_CROPPED_CONVNEXT : 224;
            side = square ? 224 : 0;
        }
        if (isConvNext && shortest > 0) {
            return convNext(shortest);
        }
        if (shortest > 0) {
            return cropped(shortest);
        }
        Size sides = hasSides ? new Size(size.integer("height", 0), size.integer("width", 0)) : new Size(side, side);
        if (!fields.bool("do_center_crop", defaults.crops())) {
            requireModelSize("size", sides);
            return new Framed(CropOrder.SQUASH_THEN_CROP, 1);
        }
        Size crop = cropSize();
        boolean sameShare = (long) sides.height() * crop.width() == (long) sides.width() * crop.height();
        if (!sameShare || sides.height() < crop.height()) {
            throw unsupported("size", "the aspect ratio of crop_size, and at least its size");
        }
        return new Framed(CropOrder.SQUASH_THEN_CROP_DOWN, share(crop.height(), sides.height()));
    }

    /** Keeps the aspect ratio: resizes the shorter side to a length, then crops a square. */
    private Framed cropped(int shortest) {
        if (!fields.bool("do_center_crop", defaults.crops())) {
            throw unsupported(
                    "do_center_crop",
                    "true if size is the shortest_edge: pictures of any aspect ratio must get the same size");
        }
        Size crop = cropSize();
        boolean widened = fields.has("crop_pct"); // not transformers' own: the rule of timm and of the released models
        int resized = widened ? (int) (shortest / cropShare()) : shortest;
        if (crop.height() != crop.width() || crop.height() > resized) {
            throw unsupported("crop_size", "a square of at most the size's " + resized);
        }
        return new Framed(
                widened ? CropOrder.RESIZE_THEN_CROP : CropOrder.RESIZE_THEN_CROP_DOWN, share(crop.height(), resized));
    }

    private double cropShare() {
        double share = fields.number("crop_pct", 224 / 256.0);
        if (!(share > 0.01 && share <= 1)) {
            throw unsupported("crop_pct", "a share greater than 0.01 and at most 1");
        }
        return share;
    }

    private Framed convNext(int shortest) {
        requireModelSize("size", new Size(shortest, shortest));
        if (shortest >= LARGEST_CROPPED_CONVNEXT) {
            return new Framed(CropOrder.SQUASH_THEN_CROP, 1);
        }
        return new Framed(CropOrder.RESIZE_THEN_CROP_DOWN, share(shortest, (int) (shortest / cropShare())));
    }

    private Size cropSize() {
        Size crop = new Size(224, 224);
        if (fields.has("crop_size")) {
            if (fields.node("crop_size").isObject()) {
                ConfigFields sides = fields.object("crop_size");
                if (!sides.has("height") || !sides.has("width")) {
                    throw unsupported("crop_size", "height and width");
                }
                crop = new Size(sides.integer("height", 0), sides.integer("width", 0));
            } else {
                int side = fields.integer("crop_size", 0);
                crop = new Size(side, side);
            }
        }
        requireModelSize("crop_size", crop);
        return crop;
    }

    private void requireModelSize(String setting, Size size) {
        Size expected = new Size(model.inputSize().get(0), model.inputSize().get(1));
        checkSupported(
                size.equals(expected), "%s produces pictures of %s, but the model takes %s", setting, size, expected);
    }

    /** Returns a share for which {@code crop / share}, rounded down, equals the resized side. */
    private static double share(int crop, int resized) {
        double share = (double) crop / resized;
        return (int) Math.floor(crop / share) == resized ? share : crop / (resized + 0.5);
    }

    private String interpolation() {
        return switch (fields.integer("resample", defaults.resample())) {
            case 1 -> "lanczos";
            case 2 -> "bilinear";
            case 3 -> "bicubic";
            case 4 -> "box";
            case 5 -> "hamming";
            default -> throw unsupported("resample", "1 to 5, which resize with antialiasing");
        };
    }

    private List<Double> channels(String name, List<Double> otherwise) {
        List<Double> values = fields.has(name) ? fields.numbers(name) : otherwise;
        return values.size() == 1 ? List.of(values.get(0), values.get(0), values.get(0)) : values;
    }

    private HieraException unsupported(String setting, String expected) {
        return new UnsupportedException(setting + " is " + Printable.of(fields.node(setting))
                + ", which is not supported: expected " + expected);
    }
}
