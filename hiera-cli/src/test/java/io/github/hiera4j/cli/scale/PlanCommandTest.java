package io.github.hiera4j.cli.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.cli.CommandRun;
import io.github.hiera4j.train.scale.ScalingPlan;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanCommandTest {
    @TempDir
    private Path directory;

    @Test
    void anExchangeCostsWhatTheBackwardPassDoesNotHide() {
        ScalingPlan plan = new ScalingPlan(1, 125e6, 1e9, 0.6); // 1 s of computation, 1 s to send the gradient once
        assertThat(plan.efficiency(1)).isEqualTo(1);
        assertThat(plan.sentBytes(4)).isEqualTo(1.5 * 125e6);
        assertThat(plan.stepSeconds(2)).isCloseTo(1.4, within(1e-9));
        assertThat(plan.stepSeconds(4)).isCloseTo(1.9, within(1e-9));
        assertThat(new ScalingPlan(1, 125e6, 10e9, 0.6).efficiency(64)).isEqualTo(1);
    }

    @Test
    void theTableAndThePictureHaveACurvePerNetwork() {
        Path picture = directory.resolve("curve.svg");
        CommandRun run = CommandRun.of(
                "plan",
                "--step-ms",
                1000,
                "--gradient-mb",
                125,
                "--gbit",
                "1,10",
                "--batch",
                10,
                "--samples",
                72000,
                "--out",
                picture);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).containsPattern("2 +1.00 Gbit/s +125 +1400 +71 % +14.3 +1.40");
        assertThat(run.lines()).hasSize(1 + 2 * 7);
        assertThat(picture)
                .content()
                .contains("<polyline")
                .contains(">10.0 Gbit/s</text>")
                .endsWith("</svg>\n");
    }

    @Test
    void figuresThatCannotBeAreWrongCalls() {
        CommandRun run = CommandRun.of("plan", "--step-ms", 0, "--gradient-mb", 1, "--gbit", 1);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("the time of a step must be above 0 s");
        assertThat(CommandRun.of("plan", "--step-ms", 1, "--gradient-mb", 1, "--gbit", 1, "--samples", 5)
                        .exitCode())
                .isEqualTo(2);
    }
}
