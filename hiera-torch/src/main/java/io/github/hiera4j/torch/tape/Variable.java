package io.github.hiera4j.torch.tape;

import io.github.hiera4j.torch.TensorScope;
import java.util.Objects;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A tensor on a {@link Tape}: its value for as long as something still reads it, and the sum of the parts of its gradient.
 *
 * <p>The gradient of a parameter is stored in a flat vector; that of any other variable is created when its first part arrives.
 */
public final class Variable {
    private final TensorScope scope;
    private final boolean isDifferentiable;
    private final boolean isGiven;
    private final @Nullable Tensor place;
    private @Nullable Tensor value;
    private @Nullable Tensor gradient;
    private boolean placeIsFresh;
    private int keepers; // pullbacks that will read the value
    private boolean isWatched; // its gradient is kept after it has been propagated
    private final @Nullable Runnable whenComplete; // called when the last part of a parameter's gradient has arrived
    private int readers; // operations on the tape that read a parameter
    private boolean isComplete;
    private boolean isReleased; // no later operation of the forward pass reads it

    private Variable(
            TensorScope scope,
            Tensor value,
            boolean isDifferentiable,
            boolean isGiven,
            @Nullable Tensor place,
            boolean placeIsFresh,
            @Nullable Runnable whenComplete) {
        this.scope = scope;
        this.value = value;
        this.isDifferentiable = isDifferentiable;
        this.isGiven = isGiven;
        this.place = place;
        this.placeIsFresh = placeIsFresh;
        this.whenComplete = whenComplete;
    }

    /** Creates the result of an operation. */
    public static Variable made(TensorScope scope, Tensor value, boolean isDifferentiable) {
        return new Variable(scope, value, isDifferentiable, false, null, false, null);
    }

    /** Creates a variable for a tensor that the caller feeds and keeps. */
    public static Variable fed(TensorScope scope, Tensor value, boolean isDifferentiable) {
        return new Variable(scope, value, isDifferentiable, true, null, false, null);
    }

    /**
     * Creates a parameter.
     *
     * @param gradient the memory of its gradient
     * @param isOverwritten whether the first part overwrites the memory; otherwise it is added like all further parts
     * @param whenComplete called when the tape that read the parameter has added the last part; null if not needed
     */
    public static Variable parameter(
            TensorScope scope, Tensor value, Tensor gradient, boolean isOverwritten, @Nullable Runnable whenComplete) {
        return new Variable(scope, value, true, true, gradient, isOverwritten, whenComplete);
    }

    /** Returns whether {@link #readBy} and {@link #answered} must be called. */
    public boolean isAwaited() {
        return whenComplete != null;
    }

    /** Records that an operation on the tape reads the parameter. */
    public void readBy() {
        readers++;
    }

    /** Records that an operation that reads the parameter has sent its part of the gradient, if it has one. */
    public void answered() {
        readers--;
        if (readers == 0 && whenComplete != null) {
            isComplete = true;
            whenComplete.run();
        }
    }

    public boolean isDifferentiable() {
        return isDifferentiable;
    }

    public Tensor value() {
        return Objects.requireNonNull(value);
    }

    /** Returns the gradient so far, or null if no part has arrived. */
    @Nullable
    public Tensor gradient() {
        return gradient;
    }

    /** Keeps the gradient after it has been propagated. */
    public void watch() {
        isWatched = true;
    }

    /** Records that the gradient has been propagated. */
    public void sentOn() {
        if (!isWatched) {
            forgetGradient();
        }
    }

    /** Records that a pullback will read the value. */
    public void keep() {
        keepers++;
    }

    /** Records that a pullback that kept the value has run. */
    public void letGo() {
        keepers--;
        freeIfUnread();
    }

    /** Records that the forward pass no longer reads the value. */
    public void release() {
        isReleased = true;
        freeIfUnread();
    }

    private void freeIfUnread() {
        if (keepers == 0 && isReleased && !isGiven && value != null) {
            scope.release(value);
            value = null;
        }
    }

    /** Adds a part of the gradient: a tensor of an inner scope, whose ownership this variable takes. */
    public void accumulate(Tensor part) {
        if (place != null) {
            requireOpen();
            if (placeIsFresh) {
                place.copy_(part);
                placeIsFresh = false;
            } else {
                place.add_(part);
            }
        } else if (gradient == null) {
            gradient = scope.adopt(part);
        } else {
            Tensor sum = scope.adopt(gradient.add(part)); // not in place: a part may be shared with another variable
            forgetGradient();
            gradient = sum;
        }
    }

    /** Returns the memory of a parameter's gradient if this part is the first and may be written there directly, otherwise null. */
    @Nullable
    public Tensor takePlace() {
        if (place == null || !placeIsFresh) {
            return null;
        }
        requireOpen();
        placeIsFresh = false;
        return place;
    }

    /** Returns whether the memory of a parameter's gradient contains a part, or is one to which parts are added. */
    public boolean isWritten() {
        return !placeIsFresh;
    }

    private void requireOpen() {
        if (isComplete) {
            throw new IllegalStateException("a gradient arrives after the last operation that reads its parameter");
        }
    }

    public void forgetGradient() {
        if (gradient != null) {
            scope.release(gradient);
            gradient = null;
        }
    }
}
