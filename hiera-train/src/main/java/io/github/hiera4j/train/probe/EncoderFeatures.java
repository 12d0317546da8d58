package io.github.hiera4j.train.probe;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.train.data.SampleSource;
import io.github.hiera4j.train.evaluate.ViewPass;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.recipe.DataSettings;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The features of a frozen encoder: the mean over the last stage's tokens, after the checkpoint's norm if it has one. An autoencoder has
 * no norm; its encoder sees all mask units here.
 */
final class EncoderFeatures implements AutoCloseable {
    private final ViewPass pass;

    EncoderFeatures(Checkpoint checkpoint, DataSettings data, CompileOptions options, Progress progress) {
        Graph graph = checkpoint.config().isHiera()
                ? graph(checkpoint.config().encoder(), checkpoint.weights().contains("norm.weight"))
                : checkpoint.config().encoderGraph().select(Hiera.EMBEDDING);
        pass = new ViewPass(checkpoint, graph, data, options, progress);
    }

    private static Graph graph(HieraConfig config, boolean normed) {
        HieraConfig still = config.toBuilder().dropPathRate(0).build();
        GraphBuilder g = new GraphBuilder();
        HieraEncoder encoder = new HieraEncoder(still);
        Value tokens = encoder.build(g, encoder.input(g)).tokens(); // [B, N, C]
        Value pooled = g.mean(tokens, 1); // [B, C]
        g.output(Hiera.EMBEDDING, normed ? g.layerNorm(pooled, "norm", config.layerNormEps()) : pooled);
        return g.build();
    }

    /** Returns the features of all samples; those of a video's views are averaged. */
    Features of(SampleSource source, String what) {
        float[][] sums = new float[source.size()][];
        int[] views = new int[source.size()];
        pass.run(source, what, (sample, label, view) -> {
            views[sample]++;
            float[] sum = sums[sample];
            if (sum == null) {
                sums[sample] = view;
                return;
            }
            for (int i = 0; i < view.length; i++) {
                sum[i] += view[i];
            }
        });
        int[] seen = IntStream.range(0, views.length).filter(i -> views[i] > 0).toArray();
        float[][] rows = new float[seen.length][];
        for (int i = 0; i < seen.length; i++) {
            rows[i] = mean(sums[seen[i]], views[seen[i]], source.name(seen[i]));
        }
        return new Features(rows, Arrays.stream(seen).map(source::label).toArray(), seen);
    }

    private static float[] mean(float[] sum, int views, String name) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] /= views;
            check(
                    Float.isFinite(sum[i]),
                    "%s: its features are not finite; compute with --set precision=float32",
                    name);
        }
        return sum;
    }

    @Override
    public void close() {
        pass.close();
    }
}
