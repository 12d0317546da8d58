package io.github.hiera4j.torch.distributed;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.torch.TensorScope;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** One of several processes that sum their values and print the result; with an argument, rank 1 halts or hangs instead. */
final class SumMain {
    private SumMain() {}

    /** Returns 0, 1, 2, …, each plus 100 times the rank. */
    private static Tensor counted(int length, int rank) {
        return torch.arange(new Scalar(length), new TensorOptions(ScalarType.Float))
                .add(new Scalar(100 * rank));
    }

    private static List<Integer> values(Tensor tensor) {
        return LongStream.range(0, tensor.numel())
                .mapToObj(i -> (int) tensor.get(i).item_float())
                .toList();
    }

    public static void main(String[] arguments) throws InterruptedException {
        try (ProcessGroup group =
                ProcessGroup.join(ProcessPlace.of(System.getenv()).orElseThrow())) {
            if (arguments.length > 0) {
                if (group.rank() == 1 && arguments[0].equals("halt")) {
                    Runtime.getRuntime().halt(9);
                } else if (group.rank() == 1) {
                    Thread.sleep(60_000);
                }
                group.sum(1);
            }
            System.out.println("sum " + Arrays.toString(group.sum(group.rank() + 1, 0.5)));
            List<byte[]> all = group.gather("r".repeat(group.rank()).getBytes(StandardCharsets.UTF_8));
            System.out.println("gathered " + all.stream().map(one -> one.length).toList());
            System.out.println("first "
                    + new String(group.fromFirst(new byte[] {(byte) ('a' + group.rank())}), StandardCharsets.UTF_8));
            for (ScalarType type : List.of(ScalarType.Float, ScalarType.BFloat16)) {
                try (TensorScope scope = new TensorScope()) {
                    Tensor tensor =
                            torch.full(new long[] {1 << 16}, new Scalar(group.rank() + 1.0), new TensorOptions(type));
                    PendingSum pending = group.sum(tensor);
                    pending.await();
                    System.out.println(type + " " + tensor.sum().item_double());
                }
            }
            try (TensorScope scope = new TensorScope()) {
                TensorOptions numbers = new TensorOptions(ScalarType.Float);
                Tensor a = counted(3, group.rank());
                Tensor b = counted(5, group.rank());
                group.exchange(List.of(a, b), 4); // two elements of each part at a time, the last ones alone
                System.out.println("parts " + values(a) + " " + values(b));
                Tensor d = counted(5, group.rank());
                group.exchange(List.of(counted(0, group.rank()), d), Long.MAX_VALUE);
                System.out.println("one part " + values(d));
                Tensor c = torch.full(new long[] {7}, new Scalar(group.rank() + 1.0), numbers);
                group.takeFrom(1, c);
                System.out.println("from 1: " + c.min().item_double());
                System.out.println("exchange in " + ExchangeSpeed.seconds(group, 1000) + " s");
            }
        } catch (LostProcessException lost) {
            System.out.println("lost: " + lost.getMessage());
            Runtime.getRuntime().halt(1);
        } catch (HieraException refused) {
            System.out.println("refused: " + refused.getMessage());
            Runtime.getRuntime().halt(2);
        }
    }
}
