package io.github.hiera4j.detect.coco;

/**
 * A picture of a data set.
 *
 * @param id unique in the file
 * @param fileName relative to the folder of images, checked not to leave it
 * @param width in pixels, upright
 * @param height in pixels, upright
 */
public record CocoImage(long id, String fileName, int width, int height) {}
