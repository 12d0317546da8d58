package io.github.hiera4j.torch;

import io.github.hiera4j.natives.NativeDefaults;
import java.util.IdentityHashMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * Owns every native object made on this thread until it closes, then frees them at once.
 *
 * <p>One scope per run or training step. What must live longer leaves through {@link #escape}. Not thread-safe: a scope
 * belongs to the thread that opened it, and scopes close in the reverse order of opening.
 */
public final class TensorScope implements AutoCloseable {
    static {
        NativeDefaults.apply();
    }

    private final PointerScope pointers = new PointerScope();
    private final IdentityHashMap<Tensor, TorchMemory.Ticket> counted = new IdentityHashMap<>();

    /**
     * Counts a tensor that was made in this scope and has memory of its own.
     *
     * @param tensor the tensor
     * @return the tensor
     */
    public Tensor own(Tensor tensor) {
        counted.put(tensor, TorchMemory.take(tensor.nbytes()));
        return tensor;
    }

    /**
     * Frees a tensor before the scope closes; its memory goes when no view of it is left.
     *
     * @param tensor the tensor
     */
    public void release(Tensor tensor) {
        giveBack(tensor);
        tensor.close();
    }

    /**
     * Lets a tensor outlive this scope: from now on the caller must close what is returned.
     *
     * @param tensor the tensor
     * @return the handle; the caller closes it
     */
    public Escaped escape(Tensor tensor) {
        return escape(tensor, tensor.nbytes());
    }

    /**
     * Lets a view of memory that is counted elsewhere outlive this scope.
     *
     * @param view a view of counted memory
     * @return the handle; the caller closes it
     */
    public Escaped escapeView(Tensor view) {
        return escape(view, 0);
    }

    private Escaped escape(Tensor tensor, long bytes) {
        giveBack(tensor);
        tensor.retainReference(); // one reference of its own, so that the scope's closing does not free it
        return new Escaped(tensor, bytes);
    }

    /**
     * Moves a tensor that was made in an inner scope, which is about to close, into this one and counts it.
     *
     * @param inner the scope in which it was made
     * @param tensor the tensor
     * @return the tensor
     */
    public Tensor adopt(TensorScope inner, Tensor tensor) {
        inner.giveBack(tensor);
        return adopt(tensor);
    }

    /**
     * Moves a tensor that an inner scope holds but does not count.
     *
     * @param tensor the tensor
     * @return the tensor
     */
    public Tensor adopt(Tensor tensor) {
        pointers.attach(tensor); // takes a reference of its own: the inner scope's closing gives up the other one
        return own(tensor);
    }

    private void giveBack(Tensor tensor) {
        TorchMemory.Ticket ticket = counted.remove(tensor);
        if (ticket != null) {
            ticket.giveBack();
        }
    }

    @Override
    public void close() {
        counted.values().forEach(TorchMemory.Ticket::giveBack);
        counted.clear();
        pointers.close();
    }

    /** A tensor that belongs to the holder of this handle. */
    public static final class Escaped implements AutoCloseable {
        private final Tensor tensor;
        private final TorchMemory.Ticket ticket;
        private volatile boolean closed;

        private Escaped(Tensor tensor, long bytes) {
            this.tensor = tensor;
            this.ticket = TorchMemory.take(bytes);
        }

        /**
         * The tensor; throws an {@code IllegalStateException} once it was freed.
         *
         * @return the tensor
         */
        public Tensor tensor() {
            if (closed) {
                throw new IllegalStateException("a native tensor is used after it was freed: its owner is closed");
            }
            return tensor;
        }

        /** {@return bytes of the tensors that are counted in this scope} */
        public long bytes() {
            return ticket.bytes();
        }

        /** Frees the tensor; a second call does nothing. */
        @Override
        public void close() {
            if (!closed) {
                closed = true;
                ticket.giveBack();
                tensor.releaseReference();
            }
        }
    }
}
