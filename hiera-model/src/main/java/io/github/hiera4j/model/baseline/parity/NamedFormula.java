package io.github.hiera4j.model.baseline.parity;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.TensorInfo;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Formula weights for graphs whose parameters have other names in the formula. */
final class NamedFormula implements WeightSource {
    private final Map<String, Shape> shapes;
    private final UnaryOperator<String> formulaNames;

    /**
     * @param shapes the graph's parameters
     * @param formulaNames the formula's name of each
     */
    NamedFormula(Map<String, Shape> shapes, UnaryOperator<String> formulaNames) {
        this.shapes = Map.copyOf(shapes);
        this.formulaNames = formulaNames;
    }

    @Override
    public String description() {
        return "formula weights";
    }

    @Override
    public Set<String> names() {
        return shapes.keySet();
    }

    @Override
    public TensorInfo info(String name) {
        Shape shape = shapes.get(name);
        check(shape != null, "formula weights: no tensor '%s'", name);
        return new TensorInfo(DType.FLOAT32, java.util.Objects.requireNonNull(shape));
    }

    @Override
    public HostTensor read(String name) {
        return FormulaWeights.tensor(formulaNames.apply(name), info(name).shape());
    }
}
