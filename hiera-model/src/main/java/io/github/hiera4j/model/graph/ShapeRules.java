package io.github.hiera4j.model.graph;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.tensor.Shape;
import java.util.List;
import java.util.stream.IntStream;

/** Shape rules that several operations share. */
final class ShapeRules {
    private ShapeRules() {}

    static void expect(String what, Shape expected, Shape actual) {
        check(actual.equals(expected), "expected a %s of %s, got %s", what, expected, actual);
    }

    static Shape without(Shape x, int axis) {
        check(axis > 0 && axis < x.rank(), "expected an axis from 1 to %d, got %d", x.rank() - 1, axis);
        int[] sizes = new int[x.rank() - 1];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = x.size(i < axis ? i : i + 1);
        }
        return Shape.of(sizes);
    }

    static Shape broadcast(Shape a, Shape b) {
        check(a.rank() == b.rank(), "expected two tensors of the same rank, got %s and %s", a, b);
        int[] sizes = new int[a.rank()];
        for (int axis = 0; axis < sizes.length; axis++) {
            int left = a.size(axis);
            int right = b.size(axis);
            check(
                    left == right || left == 1 || right == 1,
                    "expected equal sizes or 1 on axis %d, got %s and %s",
                    axis,
                    a,
                    b);
            sizes[axis] = left == 1 ? right : left;
        }
        return Shape.of(sizes);
    }

    /** Returns the output shape of a window that slides over the two middle axes of {@code [B, G, h, w, C]}. */
    static Shape slidingWindowShape(Shape x, List<Integer> kernel, List<Integer> stride, List<Integer> padding) {
        Shape result = x;
        for (int axis = 0; axis < 2; axis++) {
            int span = x.size(axis + 2) + 2 * padding.get(axis) - kernel.get(axis);
            check(span >= 0, "the kernel %s is larger than the padded grid %s", kernel, x);
            result = result.withSize(axis + 2, span / stride.get(axis) + 1);
        }
        return result;
    }

    static List<Integer> range(int end) {
        return IntStream.range(0, end).boxed().toList();
    }
}
