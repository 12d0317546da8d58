package io.github.hiera4j.model.sam;

/** What a point of a prompt says. */
public enum PointLabel {
    /** A place holder that ends every list of points. */
    NOT_A_POINT(0, "not_a_point_embed"),
    /** The point lies outside the object. */
    BACKGROUND(1, "point_embeddings.0"),
    /** The point lies on the object. */
    FOREGROUND(2, "point_embeddings.1"),
    /** The top left corner of a box around the object. */
    BOX_TOP_LEFT(3, "point_embeddings.2"),
    /** The bottom right corner of a box around the object. */
    BOX_BOTTOM_RIGHT(4, "point_embeddings.3");

    /** How many labels there are. */
    static final int COUNT = 5;

    private final int column;
    private final String parameter;

    PointLabel(int column, String parameter) {
        this.column = column;
        this.parameter = parameter;
    }

    /** The label's place in a row that is 1 there and 0 elsewhere. */
    int column() {
        return column;
    }

    /** The prompt encoder's parameter that holds the label's vector, without {@code .weight}. */
    String parameter() {
        return parameter;
    }
}
