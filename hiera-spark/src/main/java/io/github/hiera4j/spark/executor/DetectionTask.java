package io.github.hiera4j.spark.executor;

import io.github.hiera4j.detect.Detection;
import io.github.hiera4j.detect.HieraDetector;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.image.DecodedImage;
import io.github.hiera4j.model.HieraException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Detects objects.
 *
 * @param spec the model
 * @param batch number of images computed at once
 */
public record DetectionTask(ModelSpec spec, int batch) implements MediaTask {
    /** COCO's compressed run lengths and the size of a mask, height first. */
    static final StructType SEGMENTATION = new StructType()
            .add("size", DataTypes.createArrayType(DataTypes.IntegerType, false), false)
            .add("counts", DataTypes.StringType, false);

    /** One object: its class, its score, its box (left, top, right, bottom; pixels) and its mask. */
    public static final StructType TYPE = new StructType()
            .add("label", DataTypes.StringType, false)
            .add("category_id", DataTypes.LongType, false)
            .add("score", DataTypes.DoubleType, false)
            .add("box", DataTypes.createArrayType(DataTypes.DoubleType, false), false)
            .add("segmentation", SEGMENTATION, false);

    @Override
    public int ahead() {
        return batch;
    }

    @Override
    public Stream<MediaRow> run(SharedModels.Lease model, Stream<Medium> media) {
        HieraDetector detector = model.model(HieraDetector.class);
        Iterator<Medium> files = media.iterator();
        return Stream.generate(() -> next(detector, files))
                .takeWhile(rows -> !rows.isEmpty())
                .flatMap(List::stream);
    }

    /** The results of the next batch of files. */
    private List<MediaRow> next(HieraDetector detector, Iterator<Medium> files) {
        List<Object> read = new ArrayList<>(); // a decoded image, or the row of a failure
        List<Rgb8Image> images = new ArrayList<>();
        while (read.size() < batch && files.hasNext()) {
            try {
                DecodedImage image = files.next().decode();
                images.add(image.image());
                read.add(image);
            } catch (HieraException failure) {
                read.add(MediaRow.failed(failure));
            }
        }
        Iterator<List<Detection>> found = detector.detectAll(images).iterator();
        List<MediaRow> rows = new ArrayList<>();
        for (Object each : read) {
            rows.add(each instanceof MediaRow failed ? failed : row((DecodedImage) each, found.next()));
        }
        return rows;
    }

    private static MediaRow row(DecodedImage image, List<Detection> found) {
        int[] size = {image.image().height(), image.image().width()};
        Row[] objects = found.stream()
                .map(each -> RowFactory.create(
                        each.label(),
                        each.categoryId(),
                        each.score(),
                        new double[] {each.x1(), each.y1(), each.x2(), each.y2()},
                        RowFactory.create(size, each.mask().compressed())))
                .toArray(Row[]::new);
        return MediaRow.of(image.warnings(), (Object) objects);
    }
}
