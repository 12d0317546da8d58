package io.github.hiera4j.cli.process;

import io.github.hiera4j.model.backend.Backends;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.List;
import java.util.Map;

/** A process whose threads continuously multiply large float32 matrices in libtorch's OpenBLAS; only a signal ends it. */
final class BusyProcess {
    /** Printed when all threads are computing. */
    static final String READY = "computing";

    /** For manual experiments: leaves signals to the JVM, with which most such processes never end. */
    static final String UNPROTECTED = "unprotected";

    private static final int SIZE = 2000;
    private static final int THREADS = 2;

    private BusyProcess() {}

    public static void main(String[] arguments) {
        if (!List.of(arguments).contains(UNPROTECTED)) {
            Interruption.install();
        }
        Graph graph = graph();
        Session session = Backends.named("torch")
                .compile(graph, new FormulaWeights(graph.parameters()), CompileOptions.DEFAULT.withThreads(2));
        Map<String, HostTensor> rows = Map.of("rows", FormulaWeights.tensor("rows", Shape.of(1, SIZE, SIZE)));
        session.run(rows);
        for (int i = 0; i < THREADS; i++) {
            new Thread(() -> {
                        while (true) {
                            session.run(rows);
                        }
                    })
                    .start();
        }
        System.out.println(READY);
    }

    private static Graph graph() {
        GraphBuilder g = new GraphBuilder();
        Value weight = g.parameter("square.weight", Shape.of(SIZE, SIZE));
        Value x = g.input("rows", Shape.batched(SIZE, SIZE));
        for (int layer = 0; layer < 4; layer++) {
            x = g.matmul(x, "product" + layer, weight); // [B, SIZE, SIZE]
        }
        g.output("mean", g.mean(x, 1)); // [B, SIZE]
        return g.build();
    }
}
