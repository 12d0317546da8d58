package io.github.hiera4j.spark.executor;

import io.github.hiera4j.api.segment.AutomaticSettings;
import io.github.hiera4j.api.segment.HieraSegmenter;
import io.github.hiera4j.api.segment.Mask;
import io.github.hiera4j.media.image.DecodedImage;
import io.github.hiera4j.model.HieraException;
import java.io.Serializable;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Computes the masks of everything.
 *
 * @param spec the model
 * @param search settings for finding and keeping masks
 */
public record SegmentationTask(ModelSpec spec, Search search) implements MediaTask {
    /** One mask, with the field names of SAM's automatic mask generator. */
    public static final StructType TYPE = new StructType()
            .add("segmentation", DetectionTask.SEGMENTATION, false)
            .add("bbox", DataTypes.createArrayType(DataTypes.DoubleType, false), false)
            .add("area", DataTypes.LongType, false)
            .add("predicted_iou", DataTypes.FloatType, false)
            .add("stability_score", DataTypes.DoubleType, false)
            .add("object_score", DataTypes.FloatType, false);

    /**
     * The values of {@link AutomaticSettings}.
     *
     * @param pointsPerSide points along each side
     * @param leastQuality the predicted IoU that masks exceed
     * @param leastStability the smallest stability
     * @param overlap the largest overlap of two boxes
     * @param cropLayers layers of crops
     * @param cropOverlap overlap of crops
     * @param cropPointsDivisor divisor of the number of points in crops
     * @param leastRegion pixels of the smallest hole or island
     */
    public record Search(
            int pointsPerSide,
            double leastQuality,
            double leastStability,
            double overlap,
            int cropLayers,
            double cropOverlap,
            int cropPointsDivisor,
            int leastRegion)
            implements Serializable {
        AutomaticSettings settings() {
            return new AutomaticSettings(
                    pointsPerSide,
                    leastQuality,
                    leastStability,
                    overlap,
                    cropLayers,
                    cropOverlap,
                    cropPointsDivisor,
                    leastRegion);
        }
    }

    @Override
    public int ahead() {
        return 1;
    }

    @Override
    public Stream<MediaRow> run(SharedModels.Lease model, Stream<Medium> media) {
        HieraSegmenter segmenter = model.model(HieraSegmenter.class);
        AutomaticSettings settings = search.settings();
        return media.map(file -> row(segmenter, settings, file));
    }

    private static MediaRow row(HieraSegmenter segmenter, AutomaticSettings settings, Medium file) {
        DecodedImage image;
        try {
            image = file.decode();
        } catch (HieraException failure) {
            return MediaRow.failed(failure);
        }
        Row[] masks = segmenter.segmentEverything(image.image(), settings).stream()
                .map(SegmentationTask::mask)
                .toArray(Row[]::new);
        return MediaRow.of(image.warnings(), (Object) masks);
    }

    private static Row mask(Mask mask) {
        return RowFactory.create(
                RowFactory.create(
                        new int[] {mask.height(), mask.width()}, mask.runs().compressed()),
                mask.boundingBox(),
                mask.area(),
                mask.quality(),
                mask.stability(),
                mask.objectScore());
    }
}
