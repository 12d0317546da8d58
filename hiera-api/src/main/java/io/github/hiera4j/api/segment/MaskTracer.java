package io.github.hiera4j.api.segment;

import io.github.hiera4j.model.mask.RunLengthMask;
import io.github.hiera4j.model.sam.MaskUpsampling;
import java.nio.FloatBuffer;
import java.util.Arrays;

/** Converts logits at the original image's size to runs of pixels, column by column: the large map is never held as a whole. */
final class MaskTracer {
    /** Distance from the threshold at which stability is measured. */
    private static final float STABILITY_OFFSET = 1;

    private final MaskUpsampling upsampling;
    private final int height;
    private final int width;

    MaskTracer(int maskSize, int height, int width) {
        this.upsampling = new MaskUpsampling(maskSize, height, width);
        this.height = height;
        this.width = width;
    }

    /** A traced mask and the fraction of the pixels above -1 whose logit is above 1. */
    record Traced(RunLengthMask runs, double stability) {}

    Traced trace(FloatBuffer logits) {
        Runs runs = new Runs();
        upsampling.columns(logits, runs);
        return new Traced(RunLengthMask.ofRuns(height, width, runs.finish()), runs.stability());
    }

    /** Collects runs of pixels, alternately at or below 0 and above 0. */
    private static final class Runs implements MaskUpsampling.Sink {
        private int[] runs = new int[1024];
        private int count;
        private int run;
        private boolean inside;
        private long above;
        private long around;

        @Override
        public void accept(int x, float[] column) {
            for (float logit : column) {
                if (logit > 0 != inside) {
                    endRun();
                }
                run++;
                above += logit > STABILITY_OFFSET ? 1 : 0;
                around += logit > -STABILITY_OFFSET ? 1 : 0;
            }
        }

        private void endRun() {
            if (count == runs.length) {
                runs = Arrays.copyOf(runs, 2 * count);
            }
            runs[count++] = run;
            run = 0;
            inside = !inside;
        }

        int[] finish() {
            endRun();
            return Arrays.copyOf(runs, count);
        }

        double stability() {
            return around == 0 ? 1 : (double) above / around;
        }
    }
}
