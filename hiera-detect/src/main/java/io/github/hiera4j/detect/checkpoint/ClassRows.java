package io.github.hiera4j.detect.checkpoint;

import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;

/**
 * Reorders the weight rows that belong to classes: the network has the background last, without a box or a mask; torchvision always
 * has it first.
 */
final class ClassRows {
    private ClassRows() {}

    /** Returns the rows per class of a weight, or 0 if its rows do not belong to classes. */
    static int perClass(String name) {
        if (name.startsWith("roi_heads.box_predictor.bbox_pred.")) {
            return 4;
        }
        boolean single = name.startsWith("roi_heads.box_predictor.cls_score.")
                || name.startsWith("roi_heads.mask_head.predictor.");
        return single ? 1 : 0;
    }

    /** Returns whether the network has rows for the background. */
    private static boolean hasBackground(String name) {
        return name.startsWith("roi_heads.box_predictor.cls_score.");
    }

    /** Returns the shape in the network of a tensor with the given shape in torchvision. */
    static Shape fromTorchvision(String name, Shape shape) {
        int rows = perClass(name);
        return rows == 0 || hasBackground(name) ? shape : shape.withSize(0, Math.max(0, shape.size(0) - rows));
    }

    /** Returns the shape in torchvision of a tensor with the given shape in the network. */
    static Shape toTorchvision(String name, Shape shape) {
        int rows = perClass(name);
        return rows == 0 || hasBackground(name) ? shape : shape.withSize(0, shape.size(0) + rows);
    }

    /** Returns torchvision's rows in the network's order. */
    static HostTensor fromTorchvision(String name, HostTensor tensor) {
        int rows = perClass(name);
        if (rows == 0) {
            return tensor;
        }
        Shape shape = fromTorchvision(name, tensor.shape());
        int skipped = rows * perRow(tensor.shape());
        HostTensor result = HostTensor.allocate(tensor.dtype(), shape);
        copy(tensor, skipped, result, 0, tensor.elements() - skipped);
        if (hasBackground(name)) {
            copy(tensor, 0, result, tensor.elements() - skipped, skipped);
        }
        return result;
    }

    /** Returns the network's rows in torchvision's order; rows missing in the network are zero and never used. */
    static HostTensor toTorchvision(String name, HostTensor tensor) {
        int rows = perClass(name);
        if (rows == 0) {
            return tensor;
        }
        HostTensor result = HostTensor.allocate(tensor.dtype(), toTorchvision(name, tensor.shape()));
        int background = rows * perRow(tensor.shape());
        if (hasBackground(name)) {
            copy(tensor, tensor.elements() - background, result, 0, background);
            copy(tensor, 0, result, background, tensor.elements() - background);
        } else {
            copy(tensor, 0, result, background, tensor.elements());
        }
        return result;
    }

    private static int perRow(Shape shape) {
        return shape.size(0) == 0 ? 0 : (int) (shape.elements() / shape.size(0));
    }

    private static void copy(HostTensor from, int start, HostTensor to, int at, int count) {
        int width = from.dtype().bytes();
        to.bytes().put(at * width, from.bytes(), start * width, count * width);
    }
}
