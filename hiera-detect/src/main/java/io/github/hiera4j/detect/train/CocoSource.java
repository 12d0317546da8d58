package io.github.hiera4j.detect.train;

import io.github.hiera4j.detect.coco.CocoAnnotation;
import io.github.hiera4j.detect.coco.CocoCategory;
import io.github.hiera4j.detect.coco.CocoDataset;
import io.github.hiera4j.detect.coco.CocoImage;
import io.github.hiera4j.detect.coco.CocoTrainingSet;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.image.ImageReader;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.train.data.ClipChoice;
import io.github.hiera4j.train.data.DecodedSample;
import io.github.hiera4j.train.data.SampleSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;

/** The images of a COCO file with their objects. */
public final class CocoSource implements SampleSource {
    private final Path folder;
    private final List<CocoImage> images;
    private final Map<Long, List<CocoAnnotation>> objects;
    private final Map<Long, Integer> classes;
    private final List<CocoCategory> categories;
    private final Optional<CocoDataset> truth;

    private CocoSource(
            Path folder,
            List<CocoImage> images,
            Map<Long, List<CocoAnnotation>> objects,
            CocoDataset data,
            Optional<CocoDataset> truth) {
        this.folder = folder;
        this.images = List.copyOf(images);
        this.objects = Map.copyOf(objects);
        this.classes = data.classIndices();
        this.categories = data.categories();
        this.truth = truth;
    }

    /** Returns the images for training with their usable objects. */
    static CocoSource training(Path folder, CocoDataset data) {
        CocoTrainingSet set = CocoTrainingSet.of(data);
        return new CocoSource(folder, set.images(), set.instances(), data, Optional.empty());
    }

    /** Returns all images of a file. */
    static CocoSource validation(Path folder, CocoDataset data) {
        return new CocoSource(folder, data.images(), data.byImage(), data, Optional.of(data));
    }

    /** Returns an empty source. */
    static CocoSource none() {
        CocoDataset empty = new CocoDataset(Path.of("none"), List.of(), List.of(), List.of(), List.of());
        return validation(Path.of("none"), empty);
    }

    /** Returns the class names by index. */
    List<String> classNames() {
        return categories.stream().map(CocoCategory::name).toList();
    }

    /** Returns the category ids by class index. */
    List<Long> categoryIds() {
        return categories.stream().map(CocoCategory::id).toList();
    }

    /** Returns the content of the file, for evaluation. */
    CocoDataset truth() {
        return truth.orElseThrow(() -> new HieraException(folder + ": has no validation images"));
    }

    /** Returns the description of an image. */
    CocoImage image(int index) {
        return images.get(index);
    }

    /** Returns the objects in an image. */
    List<CocoAnnotation> objects(int index) {
        return objects.getOrDefault(images.get(index).id(), List.of());
    }

    /** Returns the class index of an object. */
    int classOf(CocoAnnotation object) {
        Integer label = classes.get(object.categoryId());
        if (label == null) {
            throw new HieraException("annotation " + object.id() + ": unknown category " + object.categoryId());
        }
        return label;
    }

    @Override
    public int size() {
        return images.size();
    }

    @Override
    public int label(int index) {
        return NO_LABEL;
    }

    @Override
    public String name(int index) {
        return folder.resolve(images.get(index).fileName()).toString();
    }

    /** Returns a checksum of the objects, so that a different annotation file counts as different data. */
    @Override
    public String annotation(int index) {
        CRC32 checksum = new CRC32();
        List<String> parts = new ArrayList<>();
        for (CocoAnnotation object : objects(index)) {
            parts.add(object.categoryId() + ":" + object.x() + "," + object.y() + "," + object.width() + ","
                    + object.height());
        }
        checksum.update(String.join(";", parts).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return parts.isEmpty() ? "" : Long.toHexString(checksum.getValue());
    }

    @Override
    public List<Rgb8Image> read(int index, ClipChoice clip) {
        return List.of(read(index));
    }

    /** Reads an image, which must have the size stated in the annotations. */
    Rgb8Image read(int index) {
        CocoImage described = images.get(index);
        Rgb8Image image = ImageReader.read(CocoTrainingSet.file(folder, described));
        if (image.width() != described.width() || image.height() != described.height()) {
            throw new HieraException(name(index) + ": has " + image.width() + " x " + image.height()
                    + " pixels, its annotations are for " + described.width() + " x " + described.height());
        }
        return image;
    }

    @Override
    public Optional<DecodedSample> decode(int index, long mostBytes) {
        DecodedSample sample = DecodedSample.of(read(index));
        return sample.bytes() <= mostBytes ? Optional.of(sample) : Optional.empty();
    }
}
