package io.github.hiera4j.train.parity;

import io.github.hiera4j.model.mae.HieraMae;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.parity.GoldenCase;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.train.optimize.LayerDecay;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** The reference's training cases, from this module's test resources. */
final class TrainingGoldens {
    private TrainingGoldens() {}

    static GoldenCase read(String name) {
        try {
            return GoldenCase.read(Path.of(
                    Objects.requireNonNull(TrainingGoldens.class.getResource("/goldens/" + name + ".json"), name)
                            .toURI()));
        } catch (URISyntaxException fault) {
            throw new IllegalStateException(fault);
        }
    }

    /** Returns the weight decay and the rounded learning rate scale of every parameter in the groups of this project. */
    static Map<String, List<Double>> groups(GoldenCase golden) {
        boolean autoencoder = golden.config() instanceof MaeConfig;
        Map<String, Shape> parameters = autoencoder
                ? new HieraMae((MaeConfig) golden.config()).trainingGraph(0.6).parameters()
                : new Hiera((HieraConfig) golden.config()).trainingGraph().parameters();
        Map<String, List<Double>> groups = new TreeMap<>();
        LayerDecay.groups(parameters, golden.config().encoder().depth(), autoencoder ? 1 : 0.7, 0.05)
                .forEach(group -> group.parameters()
                        .forEach(name ->
                                groups.put(name, List.of(group.weightDecay(), rounded(group.learningRateScale())))));
        return groups;
    }

    static Map<String, List<Double>> expectedGroups(GoldenCase golden) {
        Map<String, List<Double>> groups = new TreeMap<>();
        golden.json()
                .path("groups")
                .forEachEntry((name, group) -> groups.put(
                        name,
                        List.of(
                                group.path("weight_decay").asDouble(),
                                rounded(group.path("lr_scale").asDouble()))));
        return groups;
    }

    private static double rounded(double value) {
        return Math.rint(value * 1e12) / 1e12;
    }
}
