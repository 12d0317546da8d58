package io.github.hiera4j.model.sam;

/** The meaning of a point in a prompt. */
public enum PointLabel {
    /** A placeholder that ends every list of points. */
    NOT_A_POINT(0, "not_a_point_embed"),
    /** The point lies outside the object. */
    BACKGROUND(1, "point_embeddings.0"),
    /** The point lies on the object. */
    FOREGROUND(2, "point_embeddings.1"),
    /** The top left corner of a box around the object. */
    BOX_TOP_LEFT(3, "point_embeddings.2"),
    /** The bottom right corner of a box around the object. */
    BOX_BOTTOM_RIGHT(4, "point_embeddings.3");

    /** The number of labels. */
    static final int COUNT = 5;

    private final int column;
    private final String parameter;

    PointLabel(int column, String parameter) {
        this.column = column;
        this.parameter = parameter;
    }

    /** Returns the label's index in a one-hot row. */
    int column() {
        return column;
    }

    /** Returns the prompt encoder's parameter with the label's vector, without {@code .weight}. */
    String parameter() {
        return parameter;
    }
}
