package io.github.hiera4j.torch.train;

import io.github.hiera4j.torch.TensorScope;
import io.github.hiera4j.torch.tape.Variable;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * The parameters in the compute type, and one flat vector of that type to which a pass writes their gradients, so that summing,
 * clipping and updating are single operations. In float32 both are the trainer's own vectors: nothing is copied, and a pass
 * adds its gradients directly to the sum of its step.
 */
final class ComputeWeights implements AutoCloseable {
    private final FlatVector copies;
    private final boolean ownsCopies;
    private final FlatLayout layout;
    private final FlatVector sum;
    private final FlatVector gradients; // of one pass; in float32 the sum itself
    private final Map<String, View> views = new LinkedHashMap<>();
    private final Map<String, Variable> pass = new HashMap<>(); // the parameters that the current pass reads
    private boolean replaces; // whether the current pass is the first of its step

    private record View(TensorScope.Escaped value, TensorScope.Escaped gradient) {}

    /**
     * @param values the parameters in float32
     * @param sum receives the gradients of all passes of a step, in float32
     */
    ComputeWeights(FlatLayout layout, FlatVector values, FlatVector sum, ScalarType type, Device device) {
        this.layout = layout;
        this.sum = sum;
        ownsCopies = type.intern() != ScalarType.Float;
        copies = ownsCopies ? new FlatVector(layout, type, device) : values;
        try {
            gradients = ownsCopies ? new FlatVector(layout, type, device) : sum;
        } catch (RuntimeException | Error failure) {
            closeCopies();
            throw failure;
        }
        try {
            makeViews(layout);
            refresh(values);
        } catch (RuntimeException | Error failure) {
            close();
            throw failure;
        }
    }

    private void makeViews(FlatLayout layout) {
        try (TensorScope scope = new TensorScope();
                NoGradGuard quiet = new NoGradGuard()) {
            for (String name : layout.slots().keySet()) {
                views.put(name, new View(scope.escapeView(copies.view(name)), scope.escapeView(gradients.view(name))));
            }
        }
    }

    /** A parameter's value. */
    Tensor value(String name) {
        return view(name).value().tensor();
    }

    /**
     * Prepares for a pass.
     *
     * @param first whether the pass is the first of its step, so that its gradients replace the sum
     */
    void begin(boolean first) {
        replaces = first;
        pass.clear();
    }

    /** Returns the parameters by name for the start of a pass. */
    Function<String, Variable> variables(TensorScope scope) {
        return variables(scope, null);
    }

    /** Like {@link #variables(TensorScope)}, with a listener for the name of each parameter whose gradient is complete. */
    Function<String, Variable> variables(TensorScope scope, @Nullable Consumer<String> complete) {
        return name -> {
            Variable variable = Variable.parameter(
                    scope,
                    view(name).value().tensor(),
                    view(name).gradient().tensor(),
                    isOverwritten(),
                    complete == null ? null : () -> complete.accept(name));
            pass.put(name, variable);
            return variable;
        };
    }

    /** Returns whether a pass overwrites the gradients of the previous one. */
    private boolean isOverwritten() {
        return ownsCopies || replaces;
    }

    private View view(String name) {
        return Objects.requireNonNull(views.get(name), name);
    }

    /** Copies the float32 parameters after they have changed. */
    void refresh(FlatVector values) {
        if (ownsCopies) {
            copies.copyFrom(values);
        }
    }

    /** Adds the gradient of the current pass to the sum of its step, or replaces the sum. */
    void addGradient() {
        addGradient(0, layout.elements());
    }

    /** The same for some consecutive parameters, which have received their whole gradient. */
    void addGradient(long offset, long length) {
        try (TensorScope scope = new TensorScope();
                NoGradGuard quiet = new NoGradGuard()) {
            if (isOverwritten()) {
                clearUnwritten(offset, length);
            }
            if (!ownsCopies) {
                return;
            }
            Tensor part = gradients.part(offset, length);
            if (replaces) {
                sum.part(offset, length).copy_(part);
            } else {
                sum.part(offset, length).add_(part);
            }
        }
    }

    /** Parameters that have received no gradient still have that of an earlier pass. */
    private void clearUnwritten(long offset, long length) {
        layout.slots().forEach((name, slot) -> {
            Variable variable = pass.get(name);
            boolean isInside = slot.offset() >= offset && slot.offset() < offset + length;
            if (isInside && (variable == null || !variable.isWritten())) {
                view(name).gradient().tensor().zero_();
            }
        });
    }

    @Override
    public void close() {
        views.values().forEach(view -> {
            view.value().close();
            view.gradient().close();
        });
        views.clear();
        closeCopies();
        if (ownsCopies) {
            gradients.close();
        }
    }

    private void closeCopies() {
        if (ownsCopies) {
            copies.close();
        }
    }
}
