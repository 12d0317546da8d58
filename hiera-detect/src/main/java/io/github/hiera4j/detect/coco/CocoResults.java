package io.github.hiera4j.detect.coco;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.MissingFileException;
import io.github.hiera4j.model.io.AtomicFile;
import io.github.hiera4j.model.io.Json;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationFeature;

/** COCO's result files: a list of detections, as pycocotools reads them. */
public final class CocoResults {
    private CocoResults() {}

    /**
     * Reads a result file.
     *
     * @param file the file
     * @return the detections
     * @throws HieraException with the file, the position and the field of the first fault
     */
    public static List<CocoResult> read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new MissingFileException(file + ": no such result file");
        }
        List<CocoResult> results = new ArrayList<>();
        try (JsonParser json = Json.MAPPER.createParser(file)) {
            check(json.nextToken() == JsonToken.START_ARRAY, "%s: expected a list of results", file);
            while (json.nextToken() != JsonToken.END_ARRAY) {
                try {
                    results.add(new CocoObject(json.readValueAsTree()).result());
                } catch (HieraException fault) {
                    throw new HieraException(
                            String.format(Locale.ROOT, "%s: result %d: %s", file, results.size(), fault.getMessage()),
                            fault);
                }
            }
        } catch (JacksonException e) {
            throw new HieraException(
                    String.format(
                            Locale.ROOT,
                            "%s: not valid JSON at line %d: %s",
                            file,
                            e.getLocation().getLineNr(),
                            Json.reason(e)),
                    e);
        }
        return results;
    }

    /**
     * Writes or replaces a result file, with boxes and compressed masks if present.
     *
     * @param file the file
     * @param results the detections
     */
    public static void write(Path file, List<CocoResult> results) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (CocoResult result : results) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("image_id", result.imageId());
            row.put("category_id", result.categoryId());
            if (result.box() != null) {
                row.put("bbox", result.box());
            }
            if (result.mask() != null) {
                row.put(
                        "segmentation",
                        Map.of(
                                "size",
                                        List.of(
                                                result.mask().height(),
                                                result.mask().width()),
                                "counts", result.mask().compressed()));
            }
            row.put("score", result.score());
            rows.add(row);
        }
        ObjectWriter writer = Json.MAPPER.writer().without(SerializationFeature.INDENT_OUTPUT);
        byte[] text = writer.writeValueAsBytes(rows);
        AtomicFile.write(file, channel -> Channels.newOutputStream(channel).write(text));
    }
}
