package io.github.hiera4j.torch.attention;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** A forward pass of {@link io.github.hiera4j.model.graph.Op.Attention} with everything that its gradient needs. */
public interface AttentionPass {
    /** {@return the result, {@code [B, N / queryPool, C]}} */
    Tensor result();

    /** {@return the tensors that the pass created and only its gradient reads} */
    List<Tensor> kept();

    /** {@return whether the gradient also reads the input of the pass} */
    boolean readsInput();

    /**
     * {@return the gradient of {@code qkv [B, N, 3·C]} from that of the result}
     *
     * @param ofResult the gradient of the result
     */
    Tensor gradient(Tensor ofResult);
}
