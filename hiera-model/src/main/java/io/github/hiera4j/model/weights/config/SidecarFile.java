package io.github.hiera4j.model.weights.config;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.Json;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.weights.config.PreprocessHints.CropOrder;
import io.github.hiera4j.model.weights.config.PreprocessHints.Views;
import io.github.hiera4j.model.weights.keys.KeyStyle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code hiera4j.json} beside a {@code config.json}: the class names and the preprocessing of pictures and clips that the
 * {@code config.json} of its layout cannot express. The official one is passed to a constructor, which rejects any other key.
 *
 * @param classNames names of the classes by index, or empty
 * @param hints how to prepare pictures and clips, if known
 */
public record SidecarFile(List<String> classNames, Optional<PreprocessHints> hints) {
    /** The name of the file beside a {@code config.json} with the settings that the published formats cannot express. */
    public static final String NAME = "hiera4j.json";

    private static final String LABELS = "label_names";
    private static final List<String> REQUIRED = List.of("mean", "std", "crop_pct", "interpolation", "input_size");
    private static final List<String> FURTHER = List.of("crop_order", "frame_stride", "test_clips", "test_crops");

    /**
     * Copies the collections.
     *
     * @param classNames names of the classes by index, or empty
     * @param hints how to prepare pictures and clips, if known
     */
    public SidecarFile {
        classNames = List.copyOf(classNames);
    }

    static Path beside(Path file) {
        return file.toAbsolutePath().resolveSibling(NAME);
    }

    /**
     * {@return the file that completes a description in the given layout; empty if the layout can express everything}
     *
     * @param style the convention of names and keys
     * @param model the settings of the model
     * @param classNames names of the classes by index; empty if unknown
     * @param hints how images are prepared; empty if unknown
     */
    public static Optional<String> text(
            KeyStyle style, ModelConfig model, List<String> classNames, Optional<PreprocessHints> hints) {
        Map<String, Object> fields = new LinkedHashMap<>();
        HieraConfig config = model.encoder();
        if (style == KeyStyle.OFFICIAL && !classNames.isEmpty() && classNames.size() == config.numClasses()) {
            fields.put(LABELS, classNames);
        }
        hints.filter(known -> style != KeyStyle.TIMM || !timmSupports(config, known))
                .ifPresent(known -> fields.putAll(fields(known)));
        return fields.isEmpty() ? Optional.empty() : Optional.of(Json.MAPPER.writeValueAsString(fields) + "\n");
    }

    private static boolean timmSupports(HieraConfig config, PreprocessHints hints) {
        return !config.isVideo()
                && (hints.cropOrder() == CropOrder.RESIZE_THEN_CROP || hints.cropOrder() == CropOrder.SQUASH_THEN_CROP)
                && hints.views().isEmpty();
    }

    private static Map<String, Object> fields(PreprocessHints hints) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("input_size", hints.inputSize());
        fields.put("crop_order", hints.cropOrder().name().toLowerCase(Locale.ROOT));
        fields.put("crop_pct", hints.cropPct());
        fields.put("interpolation", hints.interpolation());
        fields.put("mean", hints.mean());
        fields.put("std", hints.std());
        hints.views().ifPresent(views -> {
            fields.put("frame_stride", views.frameStride());
            fields.put("test_clips", views.clips());
            fields.put("test_crops", views.crops());
        });
        return fields;
    }

    /**
     * Reads the file beside a {@code config.json}, if present; an unknown key is rejected by name.
     *
     * @param configFile the {@code config.json}
     * @return its content; empty if there is no file
     */
    public static Optional<SidecarFile> read(Path configFile) {
        Path file = beside(configFile);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        check(Files.isRegularFile(file), "%s: expected a file, got a directory or a device", file);
        ConfigFields fields = new ConfigFields(file + ": ", Json.readObject(file));
        List<String> names = fields.has(LABELS) ? fields.names(LABELS) : List.of();
        try {
            Settings.SIDECAR.check(fields);
            return Optional.of(new SidecarFile(names, hints(fields)));
        } catch (HieraException e) {
            String fault = String.valueOf(e.getMessage());
            throw fault.startsWith(file.toString()) ? e : e.withMessage(file + ": " + fault);
        }
    }

    private static Optional<PreprocessHints> hints(ConfigFields fields) {
        if (Stream.concat(REQUIRED.stream(), FURTHER.stream()).noneMatch(fields::has)) {
            return Optional.empty();
        }
        for (String name : REQUIRED) {
            check(fields.has(name), "lacks %s: the preprocessing of pictures needs %s", name, REQUIRED);
        }
        List<Integer> size = fields.integers("input_size");
        check(size.size() == 2, "input_size must be height and width, got %s", size);
        return Optional.of(new PreprocessHints(
                fields.numbers("mean"),
                fields.numbers("std"),
                fields.number("crop_pct", 1),
                fields.text("interpolation", ""),
                size,
                cropOrder(fields.text("crop_order", "resize_then_crop")),
                views(fields)));
    }

    private static CropOrder cropOrder(String name) {
        for (CropOrder order : CropOrder.values()) {
            if (order.name().toLowerCase(Locale.ROOT).equals(name)) {
                return order;
            }
        }
        throw new HieraException("crop_order must be resize_then_crop or crop_then_resize or squash_then_crop, got '"
                + Printable.of(name) + "'");
    }

    private static Optional<Views> views(ConfigFields fields) {
        if (Stream.of("frame_stride", "test_clips", "test_crops").noneMatch(fields::has)) {
            return Optional.empty();
        }
        return Optional.of(new Views(
                fields.integer("frame_stride", 4), fields.integer("test_clips", 5), fields.integer("test_crops", 3)));
    }

    /**
     * {@return a description completed by this file}
     *
     * @param configFile the {@code config.json}
     * @param config the configuration as read
     */
    public ConfigFile complete(Path configFile, ConfigFile config) {
        int classes = config.config().encoder().numClasses();
        check(
                classNames.isEmpty() || classNames.size() == classes,
                "%s: label_names has %d classes, but the model has %d; correct or remove it",
                beside(configFile),
                classNames.size(),
                classes);
        return new ConfigFile(
                config.style(),
                config.config(),
                hints.isPresent() ? hints : config.preprocess(),
                classNames.isEmpty() ? config.classNames() : classNames);
    }
}
