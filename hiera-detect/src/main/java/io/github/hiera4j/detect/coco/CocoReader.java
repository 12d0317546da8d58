package io.github.hiera4j.detect.coco;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.MissingFileException;
import io.github.hiera4j.model.io.Json;
import io.github.hiera4j.model.io.Printable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;

/**
 * Reads annotation files object by object, so that the text is never in memory as a whole.
 *
 * <p>A file with a faulty object is rejected; {@link #readLeniently} instead drops the object with a message, and the annotations of a
 * dropped image with it. Malformed JSON and lists of the wrong type are rejected in both cases.
 */
public final class CocoReader {
    private static final int MOST_OBJECTS = 20_000_000;

    private final Path file;
    private final boolean lenient;
    private final Map<Long, CocoImage> images = new LinkedHashMap<>();
    private final Map<Long, CocoCategory> categories = new LinkedHashMap<>();
    private final List<CocoAnnotation> annotations = new ArrayList<>();
    private final List<Integer> positions = new ArrayList<>();
    private final Set<Long> annotationIds = new HashSet<>();
    private final List<String> dropped = new ArrayList<>();

    private CocoReader(Path file, boolean lenient) {
        this.file = file;
        this.lenient = lenient;
    }

    /**
     * Reads a file in which every object must be valid.
     *
     * @param file the file
     * @return the data set
     * @throws HieraException with the file, the position, the id and the field of the first fault
     */
    public static CocoDataset read(Path file) {
        return new CocoReader(file, false).read();
    }

    /**
     * Reads a file and drops faulty objects; {@link CocoDataset#dropped} has a line for each.
     *
     * @param file the file
     * @return the data set
     * @throws HieraException if the file is not JSON or its lists have the wrong type
     */
    public static CocoDataset readLeniently(Path file) {
        return new CocoReader(file, true).read();
    }

    private CocoDataset read() {
        if (!Files.isRegularFile(file)) {
            throw new MissingFileException(file + ": no such annotation file");
        }
        try (JsonParser json = Json.MAPPER.createParser(file)) {
            check(json.nextToken() == JsonToken.START_OBJECT, "%s: expected a JSON object", file);
            Set<String> seen = new HashSet<>();
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String field = json.currentName();
                json.nextToken();
                seen.add(field);
                switch (field) {
                    case "images" -> list(json, field, this::addImage);
                    case "categories" -> list(json, field, this::addCategory);
                    case "annotations" -> list(json, field, this::addAnnotation);
                    default -> json.skipChildren();
                }
            }
            for (String field : List.of("images", "categories", "annotations")) {
                check(seen.contains(field), "%s: has no list '%s'", file, field);
            }
        } catch (JacksonException e) {
            throw new HieraException(
                    String.format(
                            java.util.Locale.ROOT,
                            "%s: not valid JSON at line %d, column %d: %s",
                            file,
                            e.getLocation().getLineNr(),
                            e.getLocation().getColumnNr(),
                            Json.reason(e)),
                    e);
        }
        return new CocoDataset(
                file, List.copyOf(images.values()), List.copyOf(categories.values()), annotationsWithImages(), dropped);
    }

    private interface ObjectReader {
        void read(CocoObject object, int position);
    }

    private void list(JsonParser json, String field, ObjectReader reader) {
        check(json.currentToken() == JsonToken.START_ARRAY, "%s: expected '%s' to be a list", file, field);
        int position = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            check(position < MOST_OBJECTS, "%s: '%s' has more than %d entries", file, field, MOST_OBJECTS);
            JsonNode node = json.readValueAsTree();
            CocoObject object = new CocoObject(node);
            try {
                check(node.isObject(), "expected an object");
                reader.read(object, position);
            } catch (HieraException fault) {
                fault(field, position, object.label(), fault.getMessage());
            }
            position++;
        }
    }

    private void fault(String list, int position, String id, String reason) {
        String line = String.format(java.util.Locale.ROOT, "%s[%d]%s: %s", list, position, id, Printable.of(reason));
        if (!lenient) {
            throw new HieraException(file + ": " + line);
        }
        dropped.add(line);
    }

    private void addImage(CocoObject object, int position) {
        CocoImage image = object.image();
        check(!images.containsKey(image.id()), "the id occurs twice");
        images.put(image.id(), image);
    }

    private void addCategory(CocoObject object, int position) {
        CocoCategory category = object.category();
        check(!categories.containsKey(category.id()), "the id occurs twice");
        categories.put(category.id(), category);
    }

    private void addAnnotation(CocoObject object, int position) {
        CocoAnnotation annotation = object.annotation();
        check(annotationIds.add(annotation.id()), "the id occurs twice");
        annotations.add(annotation);
        positions.add(position);
    }

    /** Checks references at the end, because images may follow the annotations in the file. */
    private List<CocoAnnotation> annotationsWithImages() {
        List<CocoAnnotation> kept = new ArrayList<>();
        Map<Long, Boolean> known = new HashMap<>();
        categories.keySet().forEach(id -> known.put(id, true));
        for (int i = 0; i < annotations.size(); i++) {
            CocoAnnotation annotation = annotations.get(i);
            CocoImage image = images.get(annotation.imageId());
            try {
                check(image != null, "image_id %d is not in the list of images", annotation.imageId());
                check(
                        known.containsKey(annotation.categoryId()),
                        "category_id %d is not in the list of categories",
                        annotation.categoryId());
                CocoObject.checkSize(annotation, java.util.Objects.requireNonNull(image));
                kept.add(annotation);
            } catch (HieraException fault) {
                fault("annotations", positions.get(i), " (id " + annotation.id() + ")", fault.getMessage());
            }
        }
        return kept;
    }
}
