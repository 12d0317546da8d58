package io.github.hiera4j.onednn.layers;

import io.github.hiera4j.model.graph.Function;
import io.github.hiera4j.onednn.plan.HostStep;
import io.github.hiera4j.onednn.plan.View;
import java.nio.ByteBuffer;
import java.util.List;

/** The few operations of masked autoencoders that are cheaper to write in Java than to express in primitives. */
public final class HostSteps {
    private HostSteps() {}

    /** {@code x [B, N, C]}, {@code index [B, M]} (int64), both dense, to {@code [B, M, C]}. */
    static HostStep gather(String node, View x, View index, View destination) {
        int tokens = (int) x.size(1);
        int picked = (int) destination.size(1);
        int rows = (int) (destination.size(0) * picked);
        int rowBytes = (int) x.size(2) * x.type().bytes();
        return new HostStep(node, "GatherTokens", List.of(x, index, destination), bytes -> {
            for (int row = 0; row < rows; row++) {
                int source = row / picked * tokens + (int) bytes[1].getLong(row * Long.BYTES);
                bytes[2].put(row * rowBytes, bytes[0], source * rowBytes, rowBytes);
            }
        });
    }

    /** Sum or product of two float32 tensors whose axes of size 1 are broadcast; operands of any layout, a dense result. */
    static HostStep broadcast(String node, boolean add, View left, View right, View destination) {
        int rank = destination.rank();
        View a = repeatedTo(left, destination);
        View b = repeatedTo(right, destination);
        int inner = (int) destination.size(-1);
        int rows = (int) (destination.elements() / inner);
        int[] leftStarts = new int[rows];
        int[] rightStarts = new int[rows];
        for (int row = 0; row < rows; row++) {
            long rest = row;
            long leftPosition = 0;
            long rightPosition = 0;
            for (int axis = rank - 2; axis >= 0; axis--) {
                long at = rest % destination.size(axis);
                rest /= destination.size(axis);
                leftPosition += at * a.strides()[axis];
                rightPosition += at * b.strides()[axis];
            }
            leftStarts[row] = Math.toIntExact(leftPosition);
            rightStarts[row] = Math.toIntExact(rightPosition);
        }
        int leftStride = (int) a.strides()[rank - 1];
        int rightStride = (int) b.strides()[rank - 1];
        return new HostStep(node, add ? "Add" : "Multiply", List.of(left, right, destination), bytes -> {
            for (int row = 0; row < rows; row++) {
                for (int i = 0; i < inner; i++) {
                    float x = bytes[0].getFloat((leftStarts[row] + i * leftStride) * Float.BYTES);
                    float y = bytes[1].getFloat((rightStarts[row] + i * rightStride) * Float.BYTES);
                    bytes[2].putFloat((row * inner + i) * Float.BYTES, add ? x + y : x * y);
                }
            }
        });
    }

    /** Sine or cosine of dense float32 angles, computed in double precision. */
    static HostStep trigonometric(String node, Function function, View angles, View destination) {
        int count = Math.toIntExact(angles.elements());
        boolean sine = function == Function.SINE;
        return new HostStep(node, function.name(), List.of(angles, destination), bytes -> {
            for (int i = 0; i < count; i++) {
                double angle = bytes[0].getFloat(i * Float.BYTES);
                bytes[1].putFloat(i * Float.BYTES, (float) (sine ? Math.sin(angle) : Math.cos(angle)));
            }
        });
    }

    private static View repeatedTo(View view, View target) {
        View result = view;
        for (int axis = 0; axis < view.rank(); axis++) {
            result = view.size(axis) == 1 ? result.repeated(axis, target.size(axis)) : result;
        }
        return result;
    }

    /** The mean of squared differences of two dense float32 tensors, as one element. */
    static HostStep meanSquaredError(String node, View prediction, View target, View destination) {
        int count = Math.toIntExact(prediction.elements());
        return new HostStep(node, "MeanSquaredError", List.of(prediction, target, destination), bytes -> {
            double sum = 0;
            for (int i = 0; i < count; i++) {
                double difference = difference(bytes, i);
                sum += difference * difference;
            }
            bytes[2].putFloat(0, (float) (sum / count));
        });
    }

    private static double difference(ByteBuffer[] bytes, int element) {
        return (double) bytes[0].getFloat(element * Float.BYTES) - bytes[1].getFloat(element * Float.BYTES);
    }
}
