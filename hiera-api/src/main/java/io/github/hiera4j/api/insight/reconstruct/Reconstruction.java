package io.github.hiera4j.api.insight.reconstruct;

import io.github.hiera4j.api.insight.picture.Grid;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.tensor.HostTensor;
import java.util.List;

/**
 * What an autoencoder made of one input. Every list has one entry per shown frame: one for an image; for a clip the frames that
 * are reconstructed, one per temporal patch. Pictures with hidden parts are those of the first mask.
 *
 * @param original what the model would see without a mask
 * @param masked with hidden mask units in grey
 * @param predicted every patch as the decoder predicts it
 * @param pasted hidden patches as predicted, the others as they are
 * @param error mean squared error of each predicted patch, in normalised units; 0 where it was visible
 * @param loss the mean of the errors over all hidden patches, over all masks
 * @param mean hidden patches averaged over all masks that hide them; the same as {@code pasted} for one mask
 * @param uncertainty the deviation over masks of a hidden patch's pixels, in samples of 0 to 255; 0 for one mask
 * @param pixels {@code pasted} as normalised pixels, float32 {@code [3, frames, H, W]}
 */
public record Reconstruction(
        List<Rgb8Image> original,
        List<Rgb8Image> masked,
        List<Rgb8Image> predicted,
        List<Rgb8Image> pasted,
        List<Grid> error,
        double loss,
        List<Rgb8Image> mean,
        List<Grid> uncertainty,
        HostTensor pixels) {}
