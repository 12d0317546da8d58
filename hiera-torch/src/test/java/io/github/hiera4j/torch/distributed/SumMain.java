package io.github.hiera4j.torch.distributed;

import io.github.hiera4j.torch.TensorScope;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** One of several processes that sum their values and print the result. */
final class SumMain {
    private SumMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        try (ProcessGroup group =
                ProcessGroup.join(ProcessPlace.of(System.getenv()).orElseThrow())) {
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
                Tensor a = torch.full(new long[] {3}, new Scalar(group.rank() + 1.0), numbers);
                Tensor b = torch.full(new long[] {5}, new Scalar(group.rank() + 1.0), numbers);
                group.exchange(List.of(a, b));
                System.out.println(
                        "parts " + a.max().item_double() + " " + b.max().item_double());
                Tensor c = torch.full(new long[] {7}, new Scalar(group.rank() + 1.0), numbers);
                group.takeFrom(1, c);
                System.out.println("from 1: " + c.min().item_double());
                System.out.println("exchange in " + ExchangeSpeed.seconds(group, 1000) + " s");
            }
            if (arguments.length > 0 && group.rank() == 1) {
                if (arguments[0].equals("halt")) {
                    Runtime.getRuntime().halt(9);
                }
                Thread.sleep(60_000);
            }
            if (arguments.length > 0) {
                group.sum(1);
            }
        } catch (LostProcessException lost) {
            System.out.println("lost: " + lost.getMessage() + " / " + lost.getCause());
            Runtime.getRuntime().halt(1);
        }
    }
}
