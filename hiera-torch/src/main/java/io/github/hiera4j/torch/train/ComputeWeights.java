package io.github.hiera4j.torch.train;

import io.github.hiera4j.torch.TensorScope;
import io.github.hiera4j.torch.tape.Variable;
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
 * clipping and updating are single operations.
 */
final class ComputeWeights implements AutoCloseable {
    private final FlatVector copies;
    private final boolean ownsCopies;
    private final FlatVector gradients;
    private final Map<String, View> views = new LinkedHashMap<>();

    private record View(TensorScope.Escaped value, TensorScope.Escaped gradient) {}

    ComputeWeights(FlatLayout layout, FlatVector values, ScalarType type, Device device) {
        ownsCopies = type.intern() != ScalarType.Float;
        copies = ownsCopies ? new FlatVector(layout, type, device) : values;
        try {
            gradients = new FlatVector(layout, type, device);
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

    /** Returns the parameters by name for the start of a pass: none has a gradient yet. */
    Function<String, Variable> variables(TensorScope scope) {
        return variables(scope, null);
    }

    /** Like {@link #variables(TensorScope)}, with a listener for the name of each parameter whose gradient is complete. */
    Function<String, Variable> variables(TensorScope scope, @Nullable Consumer<String> complete) {
        return name -> Variable.parameter(
                scope,
                view(name).value().tensor(),
                view(name).gradient().tensor(),
                complete == null ? null : () -> complete.accept(name));
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

    /** Adds the gradient of a pass to the float32 sum (or sets it) and clears it for the next pass. */
    void moveGradient(FlatVector sum, boolean replace) {
        try (TensorScope scope = new TensorScope();
                NoGradGuard quiet = new NoGradGuard()) {
            moveGradient(sum.whole(), gradients.whole(), replace);
        }
    }

    /** The same for a part of the vector. */
    void moveGradient(FlatVector sum, long offset, long length, boolean replace) {
        try (TensorScope scope = new TensorScope();
                NoGradGuard quiet = new NoGradGuard()) {
            moveGradient(sum.part(offset, length), gradients.part(offset, length), replace);
        }
    }

    private static void moveGradient(Tensor sum, Tensor pass, boolean replace) {
        if (replace) {
            sum.copy_(pass);
        } else {
            sum.add_(pass);
        }
        pass.zero_();
    }

    @Override
    public void close() {
        views.values().forEach(view -> {
            view.value().close();
            view.gradient().close();
        });
        views.clear();
        gradients.close();
        closeCopies();
    }

    private void closeCopies() {
        if (ownsCopies) {
            copies.close();
        }
    }
}
