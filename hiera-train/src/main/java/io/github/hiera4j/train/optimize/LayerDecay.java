package io.github.hiera4j.train.optimize;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.torch.train.ParameterGroup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Assigns learning rates and weight decay to parameters.
 *
 * <p>Layer ids: patches and positions have 0, block i has i + 1, everything after the encoder's blocks has its depth. A layer's
 * learning rate is multiplied by {@code decay^(depth - id)}. Vectors and position embeddings do not decay; the decoder's position
 * embedding and the mask token do.
 */
public final class LayerDecay {
    private static final Pattern BLOCK = Pattern.compile("blocks\\.(\\d+)\\..*");

    private LayerDecay() {}

    private record Key(double rate, boolean decays) {}

    /**
     * Groups a model's parameters.
     *
     * @param parameters shapes by official name
     * @param depth blocks of the encoder
     * @param layerDecay factor from one layer to the one before, in (0, 1]; 1: the same rate for all
     * @param weightDecay of the parameters that decay
     * @return the groups, starting with the deepest layer
     */
    public static List<ParameterGroup> groups(
            Map<String, Shape> parameters, int depth, double layerDecay, double weightDecay) {
        return groups(parameters, depth, layerDecay, weightDecay, 0);
    }

    /**
     * Groups a model's parameters, with a separate rate for the encoder's position embedding.
     *
     * @param parameters shapes by official name
     * @param depth blocks of the encoder
     * @param layerDecay factor on the learning rate from one block to the one before it, 0 to 1
     * @param weightDecay AdamW's decay per unit of the learning rate
     * @param positionRate factor on the rate of {@code pos_embed…}; 0: determined by {@code layerDecay}
     * @return the groups, starting with the deepest layer
     */
    public static List<ParameterGroup> groups(
            Map<String, Shape> parameters, int depth, double layerDecay, double weightDecay, double positionRate) {
        check(layerDecay > 0 && layerDecay <= 1, "layer_decay must be in (0, 1], got %s", layerDecay);
        check(weightDecay >= 0, "weight_decay must be 0 or more, got %s", weightDecay);
        Map<Key, List<String>> members = new LinkedHashMap<>();
        parameters.forEach((name, shape) -> {
            int layer = layerDecay == 1 ? depth : layer(name, depth);
            boolean own = positionRate > 0 && name.startsWith("pos_embed");
            double rate = own ? positionRate : Math.pow(layerDecay, depth - layer);
            members.computeIfAbsent(new Key(rate, decays(name, shape)), key -> new ArrayList<>())
                    .add(name);
        });
        List<ParameterGroup> groups = new ArrayList<>();
        members.forEach(
                (key, names) -> groups.add(new ParameterGroup(names, key.rate(), key.decays() ? weightDecay : 0)));
        return List.copyOf(groups);
    }

    static int layer(String name, int depth) {
        Matcher block = BLOCK.matcher(name);
        if (block.matches()) {
            return Integer.parseInt(block.group(1)) + 1;
        }
        return name.startsWith("pos_embed") || name.startsWith("patch_embed") || name.equals("cls_token") ? 0 : depth;
    }

    static boolean decays(String name, Shape shape) {
        return shape.rank() > 1 && !name.startsWith("pos_embed") && !name.equals("cls_token");
    }
}
