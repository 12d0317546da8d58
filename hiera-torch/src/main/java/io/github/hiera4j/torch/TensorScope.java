package io.github.hiera4j.torch;

import io.github.hiera4j.natives.NativeDefaults;
import java.util.IdentityHashMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Owns every native object created on this thread until it closes, then frees all of them.
 *
 * <p>One scope per run or training step. Objects that must live longer leave through {@link #escape}. Not thread-safe: a scope
 * belongs to the thread that opened it, and scopes close in the reverse order of opening.
 */
public final class TensorScope implements AutoCloseable {
    static {
        NativeDefaults.load(torch.class);
    }

    private final PointerScope pointers = new PointerScope();
    private final IdentityHashMap<Tensor, TorchMemory.Ticket> counted = new IdentityHashMap<>();

    /**
     * Counts a tensor that was created in this scope and owns its memory.
     *
     * @param tensor the tensor
     * @return the tensor
     */
    public Tensor own(Tensor tensor) {
        counted.put(tensor, TorchMemory.take(tensor.nbytes()));
        return tensor;
    }

    /**
     * Frees a tensor before the scope closes; its memory is freed when no view of it is left.
     *
     * @param tensor the tensor
     */
    public void release(Tensor tensor) {
        giveBack(tensor);
        tensor.close();
    }

    /**
     * Lets a tensor outlive this scope: the caller must close the returned handle.
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
        tensor.retainReference(); // an additional reference, so that closing the scope does not free it
        return new Escaped(tensor, bytes);
    }

    /**
     * Moves a tensor that was created in an inner scope, which is about to close, into this one and counts it.
     *
     * @param inner the scope in which it was created
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
        pointers.attach(tensor); // takes another reference: closing the inner scope releases the first one
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
         * Returns the tensor; throws an {@code IllegalStateException} once it has been freed.
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
