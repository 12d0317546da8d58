package io.github.hiera4j.torch.train;

import io.github.hiera4j.torch.TensorScope;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The parameters as autograd sees them: leaves in the compute type, whose gradients lie in one flat vector of that type, so that
 * summing, clipping and updating are single operations.
 */
final class LeafWeights implements AutoCloseable {
    private final FlatVector copies;
    private final boolean ownsCopies;
    private final FlatVector gradients;
    private final Map<String, Tensor> leaves = new LinkedHashMap<>();

    LeafWeights(FlatLayout layout, FlatVector values, ScalarType type, Device device) {
        ownsCopies = type.intern() != ScalarType.Float;
        copies = ownsCopies ? new FlatVector(layout, type, device) : values;
        gradients = new FlatVector(layout, type, device);
        try (TensorScope scope = new TensorScope()) {
            for (String name : layout.slots().keySet()) {
                Tensor leaf = copies.view(name).detach();
                leaf.set_requires_grad(true);
                leaf.mutable_grad().put(gradients.view(name)); // autograd adds to a gradient that is there
                leaves.put(name, leaf.retainReference());
            }
        }
        refresh(values);
    }

    Tensor get(String name) {
        return Objects.requireNonNull(leaves.get(name), name);
    }

    /** Takes over the float32 parameters after they changed. */
    void refresh(FlatVector values) {
        if (ownsCopies) {
            copies.copyFrom(values);
        }
    }

    /** Adds the leaves' gradient to the float32 sum (or sets it) and clears it for the next pass. */
    void moveGradient(FlatVector sum, boolean replace) {
        try (TensorScope scope = new TensorScope();
                NoGradGuard quiet = new NoGradGuard()) {
            if (replace) {
                sum.whole().copy_(gradients.whole());
            } else {
                sum.whole().add_(gradients.whole());
            }
            gradients.whole().zero_();
        }
    }

    @Override
    public void close() {
        leaves.values().forEach(Tensor::releaseReference);
        leaves.clear();
        gradients.close();
        if (ownsCopies) {
            copies.close();
        }
    }
}
