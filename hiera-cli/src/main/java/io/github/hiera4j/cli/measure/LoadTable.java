package io.github.hiera4j.cli.measure;

import io.github.hiera4j.bench.BenchmarkCase;
import io.github.hiera4j.bench.load.Callers;
import io.github.hiera4j.bench.load.LoadedSpeed;
import io.github.hiera4j.cli.terminal.Output;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Prints speeds under load from busy processes, as a table or as JSON lines. */
final class LoadTable {
    private static final List<String> COLUMNS =
            List.of("model", "backend", "dtype", "n", "busy", "idle ms", "n/s", "loaded ms", "n/s", "share");

    private final Output output;
    private final boolean json;
    private final int threads;
    private final Callers callers;
    private final List<List<String>> rows = new ArrayList<>();

    LoadTable(Output output, boolean json, int threads, Callers callers) {
        this.output = output;
        this.json = json;
        this.threads = threads;
        this.callers = callers;
    }

    void add(BenchmarkCase measured, LoadedSpeed speed) {
        String dtype = measured.options().dtype().toString();
        add(measured.model(), measured.backend().name(), dtype, measured.batch(), speed);
    }

    void add(String model, String backend, String dtype, int batch, LoadedSpeed speed) {
        if (json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("model", model);
            line.put("backend", backend);
            line.put("dtype", dtype);
            line.put("batch", batch);
            line.put("threads", threads);
            line.put("callers", callers.count());
            line.put("busyProcesses", speed.processes());
            line.put("idleMilliseconds", speed.idleMillis());
            line.put("loadedMilliseconds", speed.loadedMillis());
            line.put("share", speed.share());
            output.json(line);
            return;
        }
        rows.add(List.of(
                model,
                backend,
                dtype,
                String.valueOf(batch),
                String.valueOf(speed.processes()),
                BenchmarkTables.number(speed.idleMillis()),
                BenchmarkTables.number(batch * 1e3 / speed.idleMillis()),
                BenchmarkTables.number(speed.loadedMillis()),
                BenchmarkTables.number(batch * 1e3 / speed.loadedMillis()),
                Math.round(100 * speed.share()) + " %"));
    }

    /** Prints the table, unless lines were printed already. */
    void print() {
        if (!rows.isEmpty()) {
            if (callers.count() > 1) {
                output.line(callers.count() + " threads run the model at the same time; ms: elapsed time per run");
            }
            output.table(COLUMNS, rows);
        }
    }
}
