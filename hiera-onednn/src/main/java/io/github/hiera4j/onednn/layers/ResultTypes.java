package io.github.hiera4j.onednn.layers;

import io.github.hiera4j.model.graph.Node;
import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.weights.LinearQuantization;
import io.github.hiera4j.onednn.plan.QuantizedMatrix;
import io.github.hiera4j.onednn.plan.Weights;
import io.github.hiera4j.onednn.primitive.Precision;
import org.jspecify.annotations.Nullable;

/** The form in which a node writes its result, which depends on the nodes that read it. */
final class ResultTypes {
    private final Weights weights;
    private final Fusions fusions;
    private final Precision precision;

    ResultTypes(Weights weights, Fusions fusions, Precision precision) {
        this.weights = weights;
        this.fusions = fusions;
        this.precision = precision;
    }

    /**
     * Returns the element type of a node's result: the computing type if only matrix products and attention read it, float32 for a
     * caller, otherwise the type of the residual stream.
     */
    DType result(Node node) {
        if (fusions.isOutput(node)) {
            return DType.FLOAT32;
        }
        boolean multiplied = fusions.readers(node).stream()
                .allMatch(reader -> reader.op() instanceof Op.Linear || reader.op() instanceof Op.Attention);
        return multiplied ? precision.compute() : precision.stream();
    }

    /** Returns how all readers need the result quantised; null if one of them, or a caller, reads it in floating point. */
    @Nullable
    LinearQuantization quantized(Node node) {
        LinearQuantization form = null;
        for (Node reader : fusions.readers(node)) {
            QuantizedMatrix matrix =
                    reader.op() instanceof Op.Linear && reader.inputs().get(0).equals(node)
                            ? weights.quantized(reader.inputs().get(1))
                            : null;
            if (matrix == null || (form != null && !form.sharesInputWith(matrix.quantization()))) {
                return null;
            }
            form = matrix.quantization();
        }
        return fusions.isOutput(node) ? null : form;
    }
}
