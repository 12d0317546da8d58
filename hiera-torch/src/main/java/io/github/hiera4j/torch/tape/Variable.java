package io.github.hiera4j.torch.tape;

import io.github.hiera4j.torch.TensorScope;
import java.util.Objects;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A tensor on a {@link Tape}: its value as long as something still reads it, and the sum of its gradient's parts.
 *
 * <p>A parameter's gradient has its place in a flat vector; that of any other variable is made when its first part arrives.
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
    private boolean isWatched; // its gradient stays after it has been sent on
    private final @Nullable Runnable whenComplete; // the last part of a parameter's gradient has arrived
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

    /** What an operation made. */
    public static Variable made(TensorScope scope, Tensor value, boolean isDifferentiable) {
        return new Variable(scope, value, isDifferentiable, false, null, false, null);
    }

    /** What a caller feeds and keeps. */
    public static Variable fed(TensorScope scope, Tensor value, boolean isDifferentiable) {
        return new Variable(scope, value, isDifferentiable, true, null, false, null);
    }

    /**
     * A parameter.
     *
     * @param gradient is overwritten by the first part and added to by further ones
     * @param whenComplete is run when the tape that read it has added the last part; null where nobody waits for it
     */
    public static Variable parameter(
            TensorScope scope, Tensor value, Tensor gradient, @Nullable Runnable whenComplete) {
        return new Variable(scope, value, true, true, gradient, true, whenComplete);
    }

    /** Whether {@link #readBy} and {@link #answered} are to be called. */
    public boolean isAwaited() {
        return whenComplete != null;
    }

    /** An operation on the tape reads the parameter. */
    public void readBy() {
        readers++;
    }

    /** An operation that reads the parameter has sent its part of the gradient, if it has one. */
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

    /** The gradient so far, or null if no part has arrived. */
    @Nullable
    public Tensor gradient() {
        return gradient;
    }

    /** Keeps the gradient after it has been sent on. */
    public void watch() {
        isWatched = true;
    }

    /** The gradient has been sent on. */
    public void sentOn() {
        if (!isWatched) {
            forgetGradient();
        }
    }

    /** A pullback will read the value. */
    public void keep() {
        keepers++;
    }

    /** A pullback that kept the value has run. */
    public void letGo() {
        keepers--;
        freeIfUnread();
    }

    /** The forward pass reads the value no more. */
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

    /** Adds a part of the gradient: a tensor of an inner scope, which this variable takes over. */
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

    /** The place of a parameter's gradient if this part is the first and may be written there directly, else null. */
    @Nullable
    public Tensor takePlace() {
        if (place == null || !placeIsFresh) {
            return null;
        }
        requireOpen();
        placeIsFresh = false;
        return place;
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
