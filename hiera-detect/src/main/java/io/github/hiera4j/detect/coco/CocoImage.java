package io.github.hiera4j.detect.coco;

/**
 * An image in a data set.
 *
 * @param id unique in the file
 * @param fileName file name relative to the image folder, checked not to leave it
 * @param width width in pixels, upright
 * @param height height in pixels, upright
 */
public record CocoImage(long id, String fileName, int width, int height) {}
