package io.github.hiera4j.detect.coco;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.mask.RunLengthMask;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One object of an annotation or result file, read field by field; each fault names the field. */
record CocoObject(JsonNode node) {
    private static final double LARGEST_COORDINATE = 1e6;
    private static final int LONGEST_NAME = 255;
    private static final int LARGEST_SIDE = 1 << 20;

    /** Returns the id for a message, or an empty string if there is no valid id. */
    String label() {
        JsonNode id = node.path("id");
        return id.isIntegralNumber() && id.canConvertToLong() ? " (id " + id.asLong() + ")" : "";
    }

    CocoImage image() {
        int width = side("width");
        int height = side("height");
        check(
                (long) width * height <= RunLengthMask.MOST_PIXELS,
                "width and height: expected at most %d pixels, got %d × %d",
                RunLengthMask.MOST_PIXELS,
                width,
                height);
        return new CocoImage(id("id"), fileName(), width, height);
    }

    CocoCategory category() {
        JsonNode name = node.path("name");
        check(name.isString(), "name: expected a string");
        return new CocoCategory(id("id"), name.stringValue());
    }

    CocoAnnotation annotation() {
        double[] box = box();
        check(box != null, "bbox: is missing");
        double[] sides = Objects.requireNonNull(box);
        double area = number(node.path("area"), "area");
        check(area >= 0, "area: expected at least 0, got %s", area);
        return new CocoAnnotation(
                id("id"),
                id("image_id"),
                id("category_id"),
                sides[0],
                sides[1],
                sides[2],
                sides[3],
                area,
                crowd(),
                segmentation());
    }

    CocoResult result() {
        double[] box = box();
        Segmentation segmentation = segmentation();
        check(
                segmentation == null || segmentation instanceof Segmentation.Bitmap,
                "segmentation: expected runs (size and counts)");
        RunLengthMask mask = segmentation instanceof Segmentation.Bitmap bitmap ? bitmap.runs() : null;
        check(box != null || mask != null, "expected a bbox or a segmentation");
        return new CocoResult(id("image_id"), id("category_id"), number(node.path("score"), "score"), box, mask);
    }

    /** Checks that a bitmap has the size of its image. */
    static void checkSize(CocoAnnotation annotation, CocoImage image) {
        if (annotation.segmentation() instanceof Segmentation.Bitmap bitmap) {
            check(
                    bitmap.runs().height() == image.height() && bitmap.runs().width() == image.width(),
                    "segmentation: expected the image size %d × %d, got %d × %d",
                    image.height(),
                    image.width(),
                    bitmap.runs().height(),
                    bitmap.runs().width());
        }
    }

    private long id(String field) {
        JsonNode value = node.path(field);
        check(value.isIntegralNumber() && value.canConvertToLong(), "%s: expected an integer", field);
        return value.asLong();
    }

    private int side(String field) {
        JsonNode value = node.path(field);
        check(value.isIntegralNumber() && value.canConvertToInt(), "%s: expected an integer", field);
        int side = value.asInt();
        check(side >= 1 && side <= LARGEST_SIDE, "%s: expected 1 to %d, got %d", field, LARGEST_SIDE, side);
        return side;
    }

    private static double number(JsonNode value, String field) {
        check(value.isNumber() && Double.isFinite(value.asDouble()), "%s: expected a finite number", field);
        return value.asDouble();
    }

    private boolean crowd() {
        JsonNode value = node.path("iscrowd");
        if (value.isMissingNode() || value.isNull()) {
            return false;
        }
        check(value.isIntegralNumber() && (value.asInt() == 0 || value.asInt() == 1), "iscrowd: expected 0 or 1");
        return value.asInt() == 1;
    }

    /** Returns a relative name with forward slashes that stays in the image folder. */
    private String fileName() {
        JsonNode value = node.path("file_name");
        check(value.isString(), "file_name: expected a string");
        String name = value.stringValue();
        boolean safe = !name.isEmpty()
                && name.indexOf('\0') < 0
                && name.indexOf('\\') < 0
                && name.indexOf(':') < 0
                && !name.startsWith("/");
        for (String part : name.split("/", -1)) {
            safe &= !part.isEmpty()
                    && !part.equals(".")
                    && !part.equals("..")
                    && part.getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME;
        }
        check(safe, "file_name: expected a relative path inside the folder of images, got '%s'", Printable.of(name));
        return name;
    }

    private double @Nullable [] box() {
        JsonNode value = node.path("bbox");
        if (value.isMissingNode() || value.isNull() || (value.isArray() && value.isEmpty())) {
            return null;
        }
        check(value.isArray() && value.size() == 4, "bbox: expected a list of four numbers");
        double[] box = new double[4];
        for (int i = 0; i < 4; i++) {
            box[i] = number(value.path(i), "bbox");
        }
        check(
                box[2] >= 0 && box[3] >= 0 && Double.isFinite(box[0] + box[2]) && Double.isFinite(box[1] + box[3]),
                "bbox: expected sides of at least 0, got %s × %s",
                box[2],
                box[3]);
        return box;
    }

    private @Nullable Segmentation segmentation() {
        JsonNode value = node.path("segmentation");
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        check(value.isArray() || value.isObject(), "segmentation: expected polygons or runs");
        return value.isArray() ? polygons(value) : bitmap(value);
    }

    /** Returns the polygons with at least three points, or null if there are none. */
    private static @Nullable Segmentation polygons(JsonNode list) {
        List<double[]> parts = new ArrayList<>();
        for (JsonNode part : list) {
            check(part.isArray(), "segmentation: expected a list of polygons");
            double[] polygon = new double[part.size()];
            for (int i = 0; i < polygon.length; i++) {
                polygon[i] = number(part.path(i), "segmentation");
                check(
                        Math.abs(polygon[i]) <= LARGEST_COORDINATE,
                        "segmentation: expected coordinates of at most ±%s, got %s",
                        LARGEST_COORDINATE,
                        polygon[i]);
            }
            if (polygon.length >= 6 && polygon.length % 2 == 0) {
                parts.add(polygon);
            }
        }
        return parts.isEmpty() ? null : new Segmentation.Polygons(parts);
    }

    private static Segmentation bitmap(JsonNode object) {
        JsonNode size = object.path("size");
        check(
                size.isArray()
                        && size.size() == 2
                        && size.path(0).canConvertToInt()
                        && size.path(1).canConvertToInt()
                        && size.path(0).isIntegralNumber()
                        && size.path(1).isIntegralNumber(),
                "segmentation: expected a size of two integers");
        int height = size.path(0).asInt();
        int width = size.path(1).asInt();
        JsonNode counts = object.path("counts");
        try {
            if (counts.isString()) {
                return new Segmentation.Bitmap(RunLengthMask.parse(height, width, counts.stringValue()));
            }
            check(counts.isArray(), "expected counts as a string or a list");
            int[] runs = new int[counts.size()];
            for (int i = 0; i < runs.length; i++) {
                JsonNode run = counts.path(i);
                check(run.isIntegralNumber() && run.canConvertToInt(), "expected counts that are integers");
                runs[i] = run.asInt();
            }
            return new Segmentation.Bitmap(RunLengthMask.ofRuns(height, width, runs));
        } catch (HieraException fault) {
            throw new HieraException("segmentation: " + fault.getMessage(), fault);
        }
    }
}
