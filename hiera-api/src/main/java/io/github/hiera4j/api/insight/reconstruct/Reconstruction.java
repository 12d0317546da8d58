package io.github.hiera4j.api.insight.reconstruct;

import io.github.hiera4j.api.insight.picture.Grid;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.tensor.HostTensor;
import java.util.List;

/**
 * An autoencoder's reconstruction of one input. Every list has one entry per shown frame: one for an image; for a clip the reconstructed
 * frames, one per temporal patch. Pictures with masked parts are those of the first mask.
 *
 * @param original the input without a mask
 * @param masked with masked units in grey
 * @param predicted every patch as predicted by the decoder
 * @param pasted masked patches as predicted, the others unchanged
 * @param error mean squared error of each predicted patch, in normalised units; 0 where it was visible
 * @param loss the mean of the errors over all masked patches and all masks
 * @param mean masked patches averaged over all masks that hide them; the same as {@code pasted} for one mask
 * @param uncertainty the deviation over masks of a masked patch's pixels, in samples of 0 to 255; 0 for one mask
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
