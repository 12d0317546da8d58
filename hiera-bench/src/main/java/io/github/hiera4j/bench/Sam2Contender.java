package io.github.hiera4j.bench;

import io.github.hiera4j.model.backend.Backends;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.sam.ImageFeatures;
import io.github.hiera4j.model.sam.PointLabel;
import io.github.hiera4j.model.sam.PromptBatch;
import io.github.hiera4j.model.sam.PromptPoint;
import io.github.hiera4j.model.sam.Sam2Config;
import io.github.hiera4j.model.sam.Sam2Model;
import io.github.hiera4j.model.sam.Sam2Prompt;
import io.github.hiera4j.model.sam.Sam2Variant;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Scanner;

/**
 * SAM 2 as a contender in a comparison: answers each line {@code embed} or {@code prompt} on standard input with the milliseconds that
 * it took. {@code hiera-bench/peers/compare_sam2.py} starts it and its peers and alternates between them, so that all are measured
 * under the same conditions.
 */
public final class Sam2Contender {
    private Sam2Contender() {}

    /**
     * Measures one SAM 2 model.
     *
     * @param arguments the model's name, {@code sam2.1_hiera_tiny}, and that of the backend, {@code onednn}
     */
    public static void main(String[] arguments) {
        Sam2Config config = Sam2Variant.find(arguments[0]).orElseThrow().config();
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (Sam2Model model = Sam2Model.compile(
                        config,
                        new FormulaWeights(Sam2Model.parameters(config)),
                        Backends.named(arguments[1]),
                        CompileOptions.DEFAULT);
                Scanner lines = new Scanner(System.in, StandardCharsets.UTF_8)) {
            int size = config.imageSize();
            HostTensor pixels = FormulaWeights.tensor("input", Shape.of(1, 3, size, size));
            PromptPoint point = new PromptPoint(400, 300, PointLabel.FOREGROUND);
            PromptBatch prompt = new PromptBatch(config, List.of(Sam2Prompt.of(List.of(point))));
            ImageFeatures features = model.encode(pixels);
            model.decode(features, prompt);
            out.println("ready");
            while (lines.hasNextLine()) {
                boolean embeds = lines.nextLine().equals("embed");
                long start = System.nanoTime();
                if (embeds) {
                    model.encode(pixels);
                } else {
                    model.decode(features, prompt);
                }
                out.println((System.nanoTime() - start) / 1e6);
            }
        }
    }
}
