package io.github.hiera4j.train.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.train.trace.StepTrace.Lane;
import io.github.hiera4j.train.trace.StepTrace.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class StepTraceTest {
    private static final long MS = 1_000_000;

    @TempDir
    private Path directory;

    /** A step of 100 ms: 10 data, 30 forward, 40 backward, 15 waiting, 5 update; two sums that overlap, from 50 to 95 ms. */
    private static StepTrace trace() {
        return new StepTrace(List.of(
                new Span(0, Lane.STEP, "step 4", 0, 100 * MS),
                new Span(0, Lane.WORK, Activity.WAIT_FOR_DATA, 0, 10 * MS),
                new Span(0, Lane.WORK, "linear forward", 10 * MS, 40 * MS),
                new Span(0, Lane.WORK, "linear weight gradient", 40 * MS, 80 * MS),
                new Span(0, Lane.WORK, "wait for other processes", 80 * MS, 95 * MS),
                new Span(0, Lane.WORK, "optimizer", 95 * MS, 100 * MS),
                new Span(0, Lane.EXCHANGE, "sum of bucket 2", 50 * MS, 70 * MS),
                new Span(0, Lane.EXCHANGE, "sum of <bucket> 1", 60 * MS, 95 * MS),
                new Span(1, Lane.STEP, "step 4", 2 * MS, 98 * MS)));
    }

    @Test
    void theExchangeIsHiddenWhereTheProcessDoesNotWait() {
        StepTrace.Shares shares = trace().shares(0);
        assertThat(shares.step()).isCloseTo(100, within(1e-9));
        assertThat(shares.computing()).isCloseTo(75, within(1e-9));
        assertThat(shares.data()).isCloseTo(10, within(1e-9));
        assertThat(shares.waiting()).isCloseTo(15, within(1e-9));
        assertThat(shares.exchange()).isCloseTo(45, within(1e-9));
        assertThat(shares.hidden()).isCloseTo(30, within(1e-9));
        assertThat(TraceFiles.summary(trace()))
                .isEqualTo("step 100.0 ms: 75.0 computing, 10.0 data, 15.0 waiting for other processes;"
                        + " exchange 45.0 ms, of which computing hides 30.0");
    }

    @Test
    void theEventsAreThoseThatTraceViewersRead() throws IOException {
        Path file = directory.resolve("trace.json");
        String line = TraceFiles.write(trace(), file);
        assertThat(line).contains("trace.json").contains("trace.svg").contains("hides 30.0");
        JsonNode events = JsonMapper.shared().readTree(Files.readString(file)).get("traceEvents");
        List<JsonNode> sums = new ArrayList<>();
        for (JsonNode event : events) {
            assertThat(event.get("ph").asString()).isIn("M", "X");
            if (event.get("name").asString().equals("sum of bucket 2")) {
                sums.add(event);
            }
        }
        assertThat(sums).hasSize(1);
        JsonNode sum = sums.get(0);
        assertThat(sum.get("ts").asDouble()).isEqualTo(50_000);
        assertThat(sum.get("dur").asDouble()).isEqualTo(20_000);
        assertThat(sum.get("pid").asInt()).isZero();
        assertThat(sum.get("cat").asString()).isEqualTo("exchange");
        assertThat(directory.resolve("trace.svg"))
                .content()
                .contains("rank 1", "sum of &lt;bucket> 1, 35.00 ms", "backward pass, 40.00 ms")
                .endsWith("</svg>\n");
    }

    @Test
    void withoutAStepNothingIsWritten() {
        Path file = directory.resolve("trace.json");
        assertThat(TraceFiles.write(new StepTrace(List.of()), file)).startsWith("no trace: ");
        assertThat(file).doesNotExist();
    }
}
