package io.github.hiera4j.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.weights.ConvertedWeights;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.model.weights.torch.TorchCheckpoint;
import io.github.hiera4j.model.weights.torch.TorchCheckpointWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

public class PyTorchInteropTest {
    private static Optional<String> interpreter = Optional.empty();

    @TempDir
    Path directory;

    @BeforeAll
    static void findInterpreter() throws InterruptedException {
        interpreter = interpreter();
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT64", "FLOAT32", "FLOAT16", "BFLOAT16"})
    void pyTorchOpensAWrittenPthWithWeightsOnlyAndItsLegacyCopyReadsBackTheSame(DType dtype) throws Exception {
        WeightSource formula = new FormulaWeights(Fixtures.NANO.inferenceGraph().parameters());
        Path written = directory.resolve("written.pth");
        Path copied = directory.resolve("copied.pth");
        TorchCheckpointWriter.write(written, new ConvertedWeights(formula, dtype));
        python(
                "import sys, torch",
                "loaded = torch.load(sys.argv[1], weights_only=True)",
                "assert list(loaded) == ['model_state'], list(loaded)",
                "assert all(t.dtype is torch." + dtype + " for t in loaded['model_state'].values())",
                "torch.save(loaded, sys.argv[2], _use_new_zipfile_serialization=False)");
        try (TorchCheckpoint copy = TorchCheckpoint.open(copied)) {
            assertThat(copy.format()).isEqualTo("PyTorch legacy");
            assertThat(copy.names()).containsExactlyElementsOf(formula.names());
            for (String name : copy.names()) {
                HostTensor expected = formula.read(name).to(dtype);
                assertThat(copy.read(name).bytes()).as(name).isEqualTo(expected.bytes());
            }
        }
    }

    @Test
    void whatATrainingScriptSavesBesideTheModelDoesNotDisturb() throws Exception {
        python(
                "import sys, torch, argparse, collections",
                "net = torch.nn.Sequential(collections.OrderedDict(patch_embed=torch.nn.Linear(3, 2)))",
                "opt = torch.optim.AdamW(net.parameters())",
                "net(torch.ones(1, 3)).sum().backward(); opt.step()",
                "torch.save({'epoch': 7, 'args': argparse.Namespace(lr=0.5, name='run', nested=argparse.Namespace(a=1)),",
                "  'state_dict': {'module.' + k: torch.nn.Parameter(v.detach()) for k, v in net.state_dict().items()},",
                "  'shape': torch.Size([1, 2]), 'opt': opt.state_dict(), 'huge': 1 << 70, 'raw': b'xyz', 'none': None,",
                "  'set': {1, 2}, 'ema': [torch.zeros(3)], 'dtype': torch.float16,",
                "  'cuda': torch.device('cpu')}, sys.argv[2])");
        try (TorchCheckpoint read = TorchCheckpoint.open(directory.resolve("copied.pth"))) {
            assertThat(read.location()).isEqualTo("state_dict");
            assertThat(read.names()).containsExactly("module.patch_embed.weight", "module.patch_embed.bias");
            assertThat(read.metadata())
                    .containsEntry("epoch", 7L)
                    .containsEntry("shape", List.of(1L, 2L))
                    .containsEntry("huge", java.math.BigInteger.ONE.shiftLeft(70))
                    .doesNotContainKeys("opt", "ema", "state_dict");
            assertThat(String.valueOf(read.metadata().get("args"))).isEqualTo("{lr=0.5, name=run, nested={a=1}}");
        }
    }

    @Test
    void stridedAndOverlappingViewsAreReadAsPyTorchSeesThem() throws Exception {
        python(
                "import sys, torch",
                "base = torch.arange(120, dtype=torch.float32)",
                "cube = base.view(2, 3, 20)[:, :, 4:16].permute(2, 0, 1)",
                "state = {'cube': cube, 'every_third': base[5::3], 'scalar': base[7], 'empty': base[:0],",
                "  'column': base.view(12, 10)[:, 3], 'square': base[:9].view(3, 3).t()}",
                "torch.save(state, sys.argv[2])",
                "torch.save({k: v.contiguous().clone() for k, v in state.items()}, sys.argv[1])");
        try (TorchCheckpoint views = TorchCheckpoint.open(directory.resolve("copied.pth"));
                TorchCheckpoint dense = TorchCheckpoint.open(directory.resolve("written.pth"))) {
            assertThat(views.names()).hasSize(6);
            for (String name : views.names()) {
                assertThat(views.info(name)).as(name).isEqualTo(dense.info(name));
                assertThat(views.read(name).toDoubles())
                        .as(name)
                        .isEqualTo(dense.read(name).toDoubles());
            }
        }
    }

    private void python(String... lines) throws IOException, InterruptedException {
        assumeTrue(interpreter.isPresent(), "skipped: no python3 with torch here");
        Path log = directory.resolve("log.txt");
        Process process = new ProcessBuilder(
                        interpreter.orElseThrow(),
                        "-c",
                        String.join("\n", lines),
                        directory.resolve("written.pth").toString(),
                        directory.resolve("copied.pth").toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(log, StandardCharsets.UTF_8))
                .isZero();
    }

    /** Returns the first interpreter that has torch. */
    private static Optional<String> interpreter() throws InterruptedException {
        for (String candidate : List.of("python3", "/usr/bin/python3", "python")) {
            try {
                Process process = new ProcessBuilder(candidate, "-c", "import torch")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
                if (process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0) {
                    return Optional.of(candidate);
                }
            } catch (IOException notInstalled) {
                assertThat(notInstalled).hasMessageContaining(candidate);
            }
        }
        return Optional.empty();
    }
}
