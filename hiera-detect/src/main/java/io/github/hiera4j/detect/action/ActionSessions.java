package io.github.hiera4j.detect.action;

import io.github.hiera4j.detect.geometry.Boxes;
import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.RunGuard;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The two networks of an action model on an engine: the trunk, which runs once per clip, and the head, which runs once per group of
 * boxes. Closing waits for calls in progress.
 */
final class ActionSessions implements AutoCloseable {
    private static final int MOST_BOXES_AT_ONCE = 64;

    private final ActionNetwork network;
    private final Session trunk;
    private final Session head;
    private final RunGuard guard = new RunGuard("the action model is closed: load it again to use it");

    private ActionSessions(ActionNetwork network, Session trunk, Session head) {
        this.network = network;
        this.trunk = trunk;
        this.head = head;
    }

    static ActionSessions compile(ActionNetwork network, Backend engine, WeightSource weights, CompileOptions options) {
        Session trunk = engine.compile(network.trunkGraph(), weights, options);
        try {
            return new ActionSessions(network, trunk, engine.compile(network.headGraph(), weights, options));
        } catch (RuntimeException | Error failure) {
            trunk.close();
            throw failure;
        }
    }

    /**
     * Returns the probability of every action for every box.
     *
     * @param pixels one clip, {@code [1, 3, T, H, W]}
     * @param boxes the boxes in input pixels
     * @return {@code [boxes, actions]}, row-major
     */
    float[] scores(HostTensor pixels, Boxes boxes) {
        return guard.during(() -> {
            HostTensor computed = Objects.requireNonNull(
                    trunk.run(Map.of(HieraEncoder.INPUT, pixels)).get(ActionNetwork.MAP));
            HostTensor map = computed.dtype() == DType.FLOAT64 ? computed : computed.to(DType.FLOAT32);
            float[] all = new float[boxes.size() * network.config().numClasses()];
            for (int first = 0; first < boxes.size(); first += MOST_BOXES_AT_ONCE) {
                int[] positions = new int[Math.min(MOST_BOXES_AT_ONCE, boxes.size() - first)];
                int from = first;
                Arrays.setAll(positions, i -> from + i);
                float[] scores = head(map, boxes.select(positions));
                System.arraycopy(scores, 0, all, first * network.config().numClasses(), scores.length);
            }
            return all;
        });
    }

    private float[] head(HostTensor map, Boxes boxes) {
        HostTensor rows = ActionBoxes.rows(boxes);
        Map<String, HostTensor> feeds = Map.of(
                ActionNetwork.MAP,
                map,
                ActionNetwork.BOXES,
                map.dtype() == DType.FLOAT64 ? rows : rows.to(DType.FLOAT32));
        return Objects.requireNonNull(
                        head.run(feeds, List.of(ActionNetwork.SCORES)).get(ActionNetwork.SCORES))
                .toFloats();
    }

    /** Returns the bytes of native memory held between calls. */
    long nativeBytes() {
        return guard.during(() -> trunk.nativeBytes() + head.nativeBytes());
    }

    /** Waits for calls in progress and closes the networks; a second call has no effect. */
    @Override
    public void close() {
        guard.close(() -> {
            head.close();
            trunk.close();
        });
    }
}
