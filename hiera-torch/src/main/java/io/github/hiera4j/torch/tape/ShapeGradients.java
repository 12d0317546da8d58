package io.github.hiera4j.torch.tape;

import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.torch.TorchKernels;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The operations of a {@link Tape} that only move elements; their gradients move elements back. */
final class ShapeGradients {
    private final Tape tape;
    private final TorchKernels kernels;

    ShapeGradients(Tape tape, TorchKernels kernels) {
        this.tape = tape;
        this.kernels = kernels;
    }

    Variable reshape(Op.Reshape op, Variable x) {
        long[] before = Tape.sizes(x);
        return tape.note(
                "reshape",
                kernels.reshape(op, x.value()),
                List.of(x),
                List.of(),
                gradient -> x.accumulate(gradient.reshape(before)));
    }

    Variable permute(Op.Permute op, Variable x) {
        long[] back = new long[op.order().size()];
        for (int axis = 0; axis < back.length; axis++) {
            back[op.order().get(axis)] = axis;
        }
        return tape.note(
                "permute",
                kernels.permute(op, x.value()),
                List.of(x),
                List.of(),
                gradient -> x.accumulate(gradient.permute(back)));
    }

    Variable slice(Op.Slice op, Variable x) {
        long[] before = Tape.sizes(x);
        return tape.note("slice", kernels.slice(op, x.value()), List.of(x), List.of(), gradient -> {
            Tensor all = torch.zeros(before, gradient.options());
            all.narrow(op.axis(), op.start(), op.length()).copy_(gradient);
            x.accumulate(all);
        });
    }

    Variable concat(Op.Concat op, List<Variable> inputs) {
        List<Tensor> values = inputs.stream().map(Variable::value).toList();
        List<long[]> before = inputs.stream().map(Tape::sizes).toList();
        return tape.note("concat", kernels.concat(op, values), inputs, List.of(), gradient -> {
            long start = 0;
            for (int i = 0; i < inputs.size(); i++) {
                long length = before.get(i)[op.axis()];
                if (inputs.get(i).isDifferentiable()) {
                    Tensor part = gradient.narrow(op.axis(), start, length);
                    inputs.get(i).accumulate(Tape.summedTo(before.get(i), part));
                }
                start += length;
            }
        });
    }
}
