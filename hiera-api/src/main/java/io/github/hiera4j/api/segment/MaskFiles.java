package io.github.hiera4j.api.segment;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.AtomicFile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import tools.jackson.databind.json.JsonMapper;

/** Writes masks to files, atomically. */
public final class MaskFiles {
    private MaskFiles() {}

    /**
     * Writes a picture as PNG.
     *
     * @param target the file to write
     * @param picture the picture
     */
    public static void writePng(Path target, Rgb8Image picture) {
        BufferedImage image = new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_3BYTE_BGR);
        byte[] rgb = picture.toByteArray();
        int[] row = new int[picture.width()];
        for (int y = 0; y < picture.height(); y++) {
            for (int x = 0; x < row.length; x++) {
                int at = (y * row.length + x) * Rgb8Image.CHANNELS;
                row[x] = (rgb[at] & 0xff) << 16 | (rgb[at + 1] & 0xff) << 8 | (rgb[at + 2] & 0xff);
            }
            image.setRGB(0, y, row.length, 1, row, 0, row.length);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(bytes)) {
            if (!ImageIO.write(image, "png", stream)) {
                throw new HieraException(target + ": this Java runtime cannot write PNG");
            }
        } catch (IOException fault) {
            throw new HieraException(target + ": cannot be encoded: " + fault.getMessage(), fault);
        }
        AtomicFile.write(target, channel -> writeAll(channel, bytes.toByteArray()));
    }

    /**
     * Returns a mask in the format of SAM's automatic generator and COCO: {@code segmentation} with compressed run lengths and
     * {@code size [height, width]}, {@code bbox [x, y, width, height]}, {@code area}, {@code predicted_iou},
     * {@code stability_score}, {@code object_score}.
     *
     * @param mask the mask
     * @return the fields of the JSON object
     */
    public static Map<String, Object> coco(Mask mask) {
        Map<String, Object> segmentation = new LinkedHashMap<>();
        segmentation.put("size", List.of(mask.height(), mask.width()));
        segmentation.put("counts", mask.runs().compressed());
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("segmentation", segmentation);
        fields.put("bbox", mask.boundingBox());
        fields.put("area", mask.area());
        fields.put("predicted_iou", mask.quality());
        fields.put("stability_score", mask.stability());
        fields.put("object_score", mask.objectScore());
        return fields;
    }

    /**
     * Writes one JSON object: {@code image} with {@code file_name, height, width}, and {@code annotations}, one per mask.
     *
     * @param target the file to write
     * @param fileName the name of the image file
     * @param height rows of the image
     * @param width columns of the image
     * @param masks the masks
     */
    public static void writeCoco(Path target, String fileName, int height, int width, List<Mask> masks) {
        Map<String, Object> image = new LinkedHashMap<>();
        image.put("file_name", fileName);
        image.put("height", height);
        image.put("width", width);
        List<Map<String, Object>> annotations = new ArrayList<>();
        for (Mask mask : masks) {
            Map<String, Object> annotation = new LinkedHashMap<>();
            annotation.put("id", annotations.size() + 1);
            annotation.putAll(coco(mask));
            annotations.add(annotation);
        }
        Map<String, Object> file = new LinkedHashMap<>();
        file.put("image", image);
        file.put("annotations", annotations);
        byte[] json = JsonMapper.shared().writeValueAsString(file).getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(target, channel -> writeAll(channel, json));
    }

    private static void writeAll(FileChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
