package io.github.hiera4j.detect.train.quickstart;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.AtomicFile;
import io.github.hiera4j.model.io.Json;
import io.github.hiera4j.model.mask.RunLengthMask;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/** Rendered scenes as a data set in COCO's layout, with the exact masks of the visible parts. */
public final class SceneData {
    private SceneData() {}

    /**
     * Writes {@code SPLIT/NUMBER.png} and {@code annotations/instances_SPLIT.json}.
     *
     * @param root the directory
     * @param split {@code train} or {@code val}
     * @param count number of images
     * @param side side length in pixels
     * @param seed equal seeds give equal images
     */
    public static void write(Path root, String split, int count, int side, long seed) {
        try {
            Files.createDirectories(root.resolve(split));
            Files.createDirectories(root.resolve("annotations"));
        } catch (IOException e) {
            throw new HieraException(root + ": cannot be created: " + e.getMessage(), e);
        }
        List<Scene> scenes = IntStream.range(0, count)
                .parallel()
                .mapToObj(number -> Scene.draw(side, seed, number))
                .toList();
        List<Map<String, Object>> images = new ArrayList<>();
        List<Map<String, Object>> annotations = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = String.format(Locale.ROOT, "%05d.png", i);
            writePng(root.resolve(split).resolve(name), scenes.get(i).picture());
            Map<String, Object> image = new LinkedHashMap<>();
            image.put("id", i + 1);
            image.put("file_name", name);
            image.put("width", side);
            image.put("height", side);
            images.add(image);
            for (Scene.Instance instance : scenes.get(i).instances()) {
                annotations.add(annotation(annotations.size() + 1, i + 1, instance));
            }
        }
        Map<String, Object> file = new LinkedHashMap<>();
        file.put("images", images);
        file.put("annotations", annotations);
        file.put("categories", categories());
        byte[] text = Json.MAPPER.writeValueAsBytes(file);
        AtomicFile.write(
                root.resolve("annotations/instances_" + split + ".json"),
                channel -> Channels.newOutputStream(channel).write(text));
    }

    private static List<Map<String, Object>> categories() {
        List<Map<String, Object>> categories = new ArrayList<>();
        for (SceneShape shape : SceneShape.values()) {
            Map<String, Object> category = new LinkedHashMap<>();
            category.put("id", shape.category());
            category.put("name", shape.name().toLowerCase(Locale.ROOT));
            categories.add(category);
        }
        return categories;
    }

    private static Map<String, Object> annotation(int id, int imageId, Scene.Instance instance) {
        RunLengthMask mask = instance.mask();
        Map<String, Object> annotation = new LinkedHashMap<>();
        annotation.put("id", id);
        annotation.put("image_id", imageId);
        annotation.put("category_id", instance.shape().category());
        annotation.put("bbox", mask.boundingBox());
        annotation.put("area", mask.area());
        annotation.put("iscrowd", 0);
        annotation.put(
                "segmentation", Map.of("size", List.of(mask.height(), mask.width()), "counts", mask.compressed()));
        return annotation;
    }

    private static void writePng(Path file, BufferedImage picture) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(picture, "png", bytes);
        } catch (IOException e) {
            throw new HieraException(file + ": cannot be encoded: " + e.getMessage(), e);
        }
        AtomicFile.write(file, channel -> Channels.newOutputStream(channel).write(bytes.toByteArray()));
    }
}
