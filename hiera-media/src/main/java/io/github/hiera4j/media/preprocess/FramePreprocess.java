package io.github.hiera4j.media.preprocess;

import io.github.hiera4j.media.Rgb8Image;
import java.nio.FloatBuffer;

/** Converts an image or a frame of a clip to a network's input. Thread-safe. */
public interface FramePreprocess {
    /** {@return the number of rows of the network's input} */
    int height();

    /**
     * Returns the number of columns of the network's input.
     *
     * @return the width
     */
    int width();

    /**
     * Writes one crop of a frame as normalised red, green and blue planes.
     *
     * @param frame the frame
     * @param crop index of the crop, from 0
     * @param crops number of crops: 1, the centre; or 3, at the start, the centre and the end of the longer side
     * @param target the buffer, filled channel by channel
     * @param offset position of the red plane in the target
     * @param planeStep distance between planes; more than a plane's size if the frames of a clip are between them
     */
    void write(Rgb8Image frame, int crop, int crops, FloatBuffer target, int offset, int planeStep);
}
