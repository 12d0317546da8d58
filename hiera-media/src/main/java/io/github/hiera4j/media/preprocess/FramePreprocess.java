package io.github.hiera4j.media.preprocess;

import io.github.hiera4j.media.Rgb8Image;
import java.nio.FloatBuffer;

/** Turns one frame of a picture or clip into a network's input. Thread-safe. */
public interface FramePreprocess {
    /** {@return rows of the network's input} */
    int height();

    /**
     * Columns of the network's input.
     *
     * @return the width
     */
    int width();

    /**
     * Writes one crop of a frame as normalised red, green and blue planes.
     *
     * @param frame the frame
     * @param crop which one, from 0
     * @param crops of how many: 1, the centre; or 3, at the start, the centre and the end of the longer side
     * @param target filled channel by channel
     * @param offset of the red plane in the target
     * @param planeStep from one plane to the next; more than a plane's size where a clip's frames lie between them
     */
    void write(Rgb8Image frame, int crop, int crops, FloatBuffer target, int offset, int planeStep);
}
