package io.github.hiera4j.serve.answer;

import java.util.List;

/**
 * The result of an endpoint for one upload.
 *
 * @param rows JSON objects, one per line, as the command of the same name prints with {@code --json}
 * @param views number of images, frames or crops that were computed
 * @param bytes size of large arrays in the rows; 0 if there are none
 */
record Answer(List<Object> rows, int views, long bytes) {
    static Answer of(Object row, int views) {
        return new Answer(List.of(row), views, 0);
    }
}
