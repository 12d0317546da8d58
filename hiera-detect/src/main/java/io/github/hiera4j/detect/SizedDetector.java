package io.github.hiera4j.detect;

import io.github.hiera4j.detect.model.MaskRcnnInference;
import io.github.hiera4j.detect.model.MaskRcnnInference.Extent;
import io.github.hiera4j.detect.model.PictureInput;
import io.github.hiera4j.detect.model.PictureMasks;
import io.github.hiera4j.detect.model.RawDetections;
import io.github.hiera4j.detect.model.SessionNetwork;
import io.github.hiera4j.detect.network.MaskRcnnConfig;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.preprocess.Normalisation;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** A detector compiled for one input size, with its anchors and sessions. Thread-safe; the owner closes the network. */
final class SizedDetector {
    private final MaskRcnnConfig config;
    private final SessionNetwork network;
    private final MaskRcnnInference inference;
    private final PictureInput input;

    /**
     * Creates a detector on a compiled network.
     *
     * @param config the settings, with the trunk at the input size
     * @param normalisation the normalisation of the pixels
     * @param network the network, compiled for the same size
     */
    SizedDetector(MaskRcnnConfig config, Normalisation normalisation, SessionNetwork network) {
        this.config = config;
        this.network = network;
        this.inference = new MaskRcnnInference(config);
        this.input = new PictureInput(config, normalisation);
    }

    /** Returns detections and masks of images that are all padded to this size. */
    List<PictureMasks.Result> run(List<Rgb8Image> images) {
        List<Integer> size = config.trunk().inputSize();
        HostTensor pixels = HostTensor.allocate(DType.FLOAT32, Shape.of(images.size(), 3, size.get(0), size.get(1)));
        List<Extent> extents = new ArrayList<>();
        for (Rgb8Image image : images) {
            input.write(image, pixels.floats(), extents.size() * pixels.elements() / images.size());
            extents.add(input.extent(image.height(), image.width()));
        }
        List<RawDetections> found = inference.run(network, pixels, extents);
        List<PictureMasks.Result> results = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
            Extent picture = new Extent(images.get(i).height(), images.get(i).width());
            results.add(PictureMasks.of(config, found.get(i), extents.get(i), picture));
        }
        return results;
    }

    long nativeBytes() {
        return network.nativeBytes();
    }

    void close() {
        network.close();
    }
}
