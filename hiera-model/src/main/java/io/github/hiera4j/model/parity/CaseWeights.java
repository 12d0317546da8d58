package io.github.hiera4j.model.parity;

import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.weights.TensorInfo;
import io.github.hiera4j.model.weights.WeightSource;
import java.nio.FloatBuffer;
import java.util.Set;

/**
 * Formula weights as the goldens define them: for timm's own architecture the formula uses timm's names, and LayerScale
 * factors are around 0.5 so that every branch has an effect.
 */
record CaseWeights(HieraConfig config, FormulaWeights formula) implements WeightSource {
    @Override
    public HostTensor read(String name) {
        if (!config.absWinPosEmbed()) {
            return formula.read(name);
        }
        String timmName = name.replace("head.projection.", "head.fc.").replaceFirst("^norm\\.", "head.norm.");
        HostTensor tensor = FormulaWeights.tensor(timmName, info(name).shape());
        if (name.endsWith(".gamma")) {
            FloatBuffer values = tensor.floats();
            double[] noise = FormulaWeights.noise(timmName, tensor.elements());
            for (int i = 0; i < noise.length; i++) {
                values.put(i, (float) (0.5 + 0.1 * (0.1 * noise[i])));
            }
        }
        return tensor;
    }

    @Override
    public String description() {
        return formula.description();
    }

    @Override
    public Set<String> names() {
        return formula.names();
    }

    @Override
    public TensorInfo info(String name) {
        return formula.info(name);
    }
}
