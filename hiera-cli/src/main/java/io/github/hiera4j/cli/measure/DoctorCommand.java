package io.github.hiera4j.cli.measure;

import io.github.hiera4j.bench.Machine;
import io.github.hiera4j.bench.SelfTest;
import io.github.hiera4j.cli.terminal.Output;
import io.github.hiera4j.model.backend.Availability;
import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.Backends;
import io.github.hiera4j.model.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Reports what this machine supports and whether every backend works on it. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Show the processor, native libraries and backends, and test each backend.",
        footer = "Exit code 1 if a backend on the class path does not work on this machine.")
public final class DoctorCommand implements Callable<Integer> {
    @Option(names = "--json", description = "Print one JSON object.")
    boolean json;

    @Spec
    CommandSpec spec;

    /** One backend: whether it is usable, and the result of its self-test; the first usable one is the default. */
    record BackendRow(
            String name,
            boolean usable,
            boolean isDefault,
            boolean passed,
            double relativeError,
            double milliseconds,
            List<String> typesBySpeed,
            String detail) {}

    /** The JSON object. */
    record Report(Machine machine, long maxHeapMb, List<BackendRow> backends) {}

    @Override
    public Integer call() {
        List<BackendRow> rows = new ArrayList<>();
        boolean defaultFound = false;
        for (Backend backend : Backends.all()) {
            Availability availability = backend.availability();
            SelfTest.Result test = SelfTest.run(backend);
            boolean isDefault = availability.usable() && !defaultFound;
            defaultFound |= isDefault;
            rows.add(new BackendRow(
                    backend.name(),
                    availability.usable(),
                    isDefault,
                    test.passed(),
                    test.relativeError(),
                    Math.rint(test.milliseconds()),
                    availability.usable()
                            ? backend.typesBySpeed("cpu").stream()
                                    .map(DType::toString)
                                    .toList()
                            : List.of(),
                    test.detail()));
        }
        Report report = new Report(Machine.current(), Runtime.getRuntime().maxMemory() >> 20, rows);
        Output output = new Output(spec);
        if (json) {
            output.json(report);
        } else {
            print(report, output);
        }
        return rows.stream().allMatch(BackendRow::passed) ? 0 : 1;
    }

    private static void print(Report report, Output output) {
        Machine machine = report.machine();
        output.line("processor   " + machine.processor() + ", " + machine.processors() + " processors");
        output.line("features    " + (machine.features().isEmpty() ? "unknown" : machine.featureSummary()));
        output.line("system      " + machine.system() + ", Java " + machine.java() + ", heap up to "
                + Output.grouped(report.maxHeapMb()) + " MB");
        for (BackendRow row : report.backends()) {
            output.line("");
            output.line(String.format(
                    Locale.ROOT, "%-11s %s%s", row.name(), row.detail(), row.isDefault() ? " (default)" : ""));
            if (row.usable()) {
                output.line("            --dtype, fastest first: " + String.join(", ", row.typesBySpeed()));
                output.line(String.format(
                        Locale.ROOT,
                        "            self-test %s: relative error %.1e, %.0f ms",
                        row.passed() ? "passed" : "FAILED",
                        row.relativeError(),
                        row.milliseconds()));
            }
        }
    }
}
