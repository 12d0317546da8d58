package io.github.hiera4j.detect.network;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.detect.geometry.BalancedSampler;
import io.github.hiera4j.detect.geometry.BoxDeltas;
import io.github.hiera4j.detect.geometry.Matcher;
import io.github.hiera4j.detect.geometry.PyramidLevels;
import java.util.List;

/**
 * The settings of the box and mask heads.
 *
 * @param levels assigns boxes to the levels from which they are pooled
 * @param matcher matches proposals with the ground truth
 * @param sampler samples proposals for training, per image; the mask head uses the positive ones
 * @param deltas weights of the box regression
 * @param alignedPooling whether RoIAlign shifts by half a pixel (Detectron2); torchvision does not
 * @param samplingRatio RoIAlign's samples per bin and axis; 0: adaptive (Detectron2); torchvision uses 2
 * @param boxBins bins of the box head along each axis
 * @param boxConvolutions number of 3 × 3 convolutions in the box head
 * @param boxLayers output sizes of the box head's linear layers
 * @param maskBins bins of the mask head along each axis; masks have twice as many pixels
 * @param maskConvolutions number of 3 × 3 convolutions in the mask head
 * @param lossBeta distance at which smooth L1's quadratic part ends; 0: L1
 * @param softTargets whether mask targets keep the values of bilinear pooling (torchvision); otherwise they are 0 or 1
 */
public record HeadRules(
        PyramidLevels levels,
        Matcher matcher,
        BalancedSampler sampler,
        BoxDeltas deltas,
        boolean alignedPooling,
        int samplingRatio,
        int boxBins,
        int boxConvolutions,
        List<Integer> boxLayers,
        int maskBins,
        int maskConvolutions,
        double lossBeta,
        boolean softTargets) {

    /**
     * Checks the values and copies the collections.
     *
     * @param levels assigns boxes to the levels from which they are pooled
     * @param matcher matches proposals with the ground truth
     * @param sampler samples proposals for training, per image; the mask head uses the positive ones
     * @param deltas weights of the box regression
     * @param alignedPooling whether RoIAlign shifts by half a pixel (Detectron2); torchvision does not
     * @param samplingRatio RoIAlign's samples per bin and axis; 0: adaptive (Detectron2); torchvision uses 2
     * @param boxBins bins of the box head along each axis
     * @param boxConvolutions number of 3 × 3 convolutions in the box head
     * @param boxLayers output sizes of the box head's linear layers
     * @param maskBins bins of the mask head along each axis; masks have twice as many pixels
     * @param maskConvolutions number of 3 × 3 convolutions in the mask head
     * @param lossBeta distance at which smooth L1's quadratic part ends; 0: L1
     * @param softTargets whether mask targets keep the values of bilinear pooling (torchvision); otherwise they are 0 or 1
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public HeadRules {
        boxLayers = List.copyOf(boxLayers);
        check(samplingRatio >= 0 && samplingRatio <= 64, "the sampling ratio must be 0 to 64, got %d", samplingRatio);
        check(
                boxBins >= 1 && boxBins <= 64 && maskBins >= 1 && maskBins <= 64,
                "heads need 1 to 64 bins along an axis, got %d and %d",
                boxBins,
                maskBins);
        check(
                boxConvolutions >= 0 && boxConvolutions <= 16 && maskConvolutions >= 0 && maskConvolutions <= 16,
                "heads need 0 to 16 convolutions, got %d and %d",
                boxConvolutions,
                maskConvolutions);
        check(!boxLayers.isEmpty() && boxLayers.size() <= 8, "the box head needs 1 to 8 linear layers");
        for (int width : boxLayers) {
            check(width >= 1 && width <= 1 << 16, "a linear layer needs 1 to 65536 outputs, got %d", width);
        }
        check(lossBeta >= 0, "smooth L1's beta must be 0 or more, got %s", lossBeta);
        check(
                levels.lowest() == 2 && levels.highest() == Trunk.STAGES + 1,
                "boxes are pooled from levels 2 to %d, got %d to %d",
                Trunk.STAGES + 1,
                levels.lowest(),
                levels.highest());
    }

    /** {@return the side length of a mask} */
    public int maskSize() {
        return 2 * maskBins;
    }

    /** Detectron2's configuration of ViTDet. */
    static HeadRules detectron2() {
        return new HeadRules(
                PyramidLevels.STANDARD,
                Matcher.HEADS,
                BalancedSampler.HEADS,
                BoxDeltas.BOX_HEAD,
                true,
                0,
                7,
                4,
                List.of(1024),
                14,
                4,
                0,
                false);
    }

    /** torchvision's default constructor arguments, with two linear layers. */
    static HeadRules torchvision() {
        return new HeadRules(
                new PyramidLevels(2, 5, 4, 224, true),
                Matcher.HEADS.withoutGuard(),
                BalancedSampler.HEADS,
                BoxDeltas.BOX_HEAD,
                false,
                2,
                7,
                0,
                List.of(1024, 1024),
                14,
                4,
                1.0 / 9,
                true);
    }
}
