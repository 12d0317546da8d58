package io.github.hiera4j.bench.paper;

import io.github.hiera4j.model.baseline.Rung;

/**
 * The figures that the paper reports for a rung (arXiv 2306.00989, Table 1): the large model, 400 epochs of pretraining for images and 800 for
 * videos, speed on an A100 in float16.
 *
 * @param top1 accuracy on ImageNet-1K or, for videos, Kinetics-400; 0 to 1
 * @param samplesPerSecond images or clips per second at inference
 */
public record PaperRung(double top1, double samplesPerSecond) {
    /**
     * {@return the row of a rung}
     *
     * @param rung the rung
     * @param isVideo whether to return the columns for videos
     */
    public static PaperRung of(Rung rung, boolean isVideo) {
        return isVideo ? video(rung) : image(rung);
    }

    private static PaperRung image(Rung rung) {
        return switch (rung) {
            case ZERO -> new PaperRung(.853, 219.8);
            case A -> new PaperRung(.856, 253.3);
            case B -> new PaperRung(.844, 99.9);
            case C -> new PaperRung(.854, 309.2);
            case D -> new PaperRung(.857, 369.8);
            case E -> new PaperRung(.856, 374.3);
            case F -> new PaperRung(.856, 531.4);
        };
    }

    private static PaperRung video(Rung rung) {
        return switch (rung) {
            case ZERO -> new PaperRung(.805, 20.5);
            case A -> new PaperRung(.853, 20.7);
            case B -> new PaperRung(.841, 10.4);
            case C -> new PaperRung(.843, 26.2);
            case D -> new PaperRung(.855, 29.4);
            case E -> new PaperRung(.855, 29.8);
            case F -> new PaperRung(.855, 40.8);
        };
    }
}
