package io.github.hiera4j.api;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.api.internal.PaddedPixels;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.PositionResizing;
import io.github.hiera4j.model.tensor.HostTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The size at which a model sees images and clips. Immutable; start from {@link #OWN} and change single values.
 *
 * <p>A model takes multiples of its mask unit: of 32 pixels per side for the published models. Its learned position embedding is
 * resized accordingly.
 *
 * @param kind the origin of height and width
 * @param height rows; for {@link Kind#NATIVE} the longest side that is not scaled down
 * @param width columns; for {@link Kind#NATIVE} the same as {@code height}
 * @param frames frames per clip; 0: the number that the model was trained with
 * @param padding whether a size that the model does not support is padded below and to the right with the mean colour; otherwise it
 *     is refused, or rounded for {@link Kind#NATIVE}
 * @param resizing resizing rule of the position embedding
 */
public record InputSize(Kind kind, int height, int width, int frames, boolean padding, PositionResizing resizing) {
    /** The size that the model was trained at. */
    public static final InputSize OWN = new InputSize(Kind.OWN, 0, 0, 0, false, PositionResizing.BICUBIC);

    /** The default longest side of {@code native}: the cost of global attention grows with the square of the number of tokens. */
    public static final int NATIVE_LONGEST = 1024;

    private static final int LARGEST = 1 << 14;
    private static final int MOST_FRAMES = 1 << 12;
    private static final Pattern SIDES = Pattern.compile("(\\d{1,5})(?:x(\\d{1,5}))?");
    private static final Pattern NATIVE = Pattern.compile("native(?::(\\d{1,5}))?");

    /** The origin of height and width. */
    public enum Kind {
        /** The size that the model was trained at. */
        OWN,
        /** One size for every file. */
        FIXED,
        /** Each file's own size, scaled down if it is larger than allowed, with its aspect ratio. */
        NATIVE
    }

    /**
     * Checks the values.
     *
     * @param kind the origin of height and width
     * @param height rows
     * @param width columns
     * @param frames frames per clip; 0: as trained
     * @param padding whether a size that the model does not support is padded
     * @param resizing resizing rule of the position embedding
     * @throws HieraException if a value is out of range
     */
    public InputSize {
        check(
                kind == Kind.OWN || (height >= 1 && width >= 1 && height <= LARGEST && width <= LARGEST),
                "an input size must lie between 1 and %d pixels, got %d x %d",
                LARGEST,
                height,
                width);
        check(frames >= 0 && frames <= MOST_FRAMES, "a clip has 1 to %d frames, got %d", MOST_FRAMES, frames);
    }

    /**
     * Reads {@code 384}, {@code 256x320} (height × width), {@code native} or {@code native:1536} (the longest side).
     *
     * @param text the size as text
     * @return the size
     */
    public static InputSize parse(String text) {
        Matcher sides = SIDES.matcher(text);
        if (sides.matches()) {
            int height = Integer.parseInt(sides.group(1));
            return OWN.withSides(height, sides.group(2) == null ? height : Integer.parseInt(sides.group(2)));
        }
        Matcher own = NATIVE.matcher(text);
        if (own.matches()) {
            int longest = own.group(1) == null ? NATIVE_LONGEST : Integer.parseInt(own.group(1));
            return new InputSize(Kind.NATIVE, longest, longest, 0, false, PositionResizing.BICUBIC);
        }
        throw new HieraException("expected an input size such as 384, 256x320 (height x width), native or native:1536");
    }

    /**
     * Returns this size with a fixed height and width for every file.
     *
     * @param newHeight rows
     * @param newWidth columns
     * @return the size
     */
    public InputSize withSides(int newHeight, int newWidth) {
        return new InputSize(Kind.FIXED, newHeight, newWidth, frames, padding, resizing);
    }

    /**
     * Returns this size with another number of frames.
     *
     * @param count frames per clip; 0: as trained
     * @return the size
     */
    public InputSize withFrames(int count) {
        return new InputSize(kind, height, width, count, padding, resizing);
    }

    /**
     * Returns this size with or without padding.
     *
     * @param pad whether a size that the model does not support is padded
     * @return the size
     */
    public InputSize withPadding(boolean pad) {
        return new InputSize(kind, height, width, frames, pad, resizing);
    }

    /**
     * Returns this size with another rule for position embeddings.
     *
     * @param rule the rule
     * @return the size
     */
    public InputSize withResizing(PositionResizing rule) {
        return new InputSize(kind, height, width, frames, padding, rule);
    }

    /**
     * Returns the model at this size; for {@link Kind#NATIVE}, with its own sides and these frames.
     *
     * @param trained the configuration of the trained model
     * @return the configuration at this size
     * @throws HieraException if the model does not support this size and padding is off; the message names the nearest sizes
     */
    public HieraConfig of(HieraConfig trained) {
        check(frames == 0 || trained.isVideo(), "an image model takes no clips of %d frames", frames);
        if (kind == Kind.OWN && frames == 0) {
            return trained;
        }
        if (kind != Kind.FIXED) {
            return at(trained, rows(trained), columns(trained));
        }
        return padding
                ? at(trained, multiple(trained, -2, height, true), multiple(trained, -1, width, true))
                : at(trained, height, width);
    }

    private HieraConfig at(HieraConfig trained, int rows, int columns) {
        List<Integer> size = new ArrayList<>();
        if (trained.isVideo()) {
            size.add(frames == 0 ? trained.inputSize().get(0) : frames);
        }
        size.add(rows);
        size.add(columns);
        return trained.resized(size);
    }

    /** Returns the rows of an image before padding. */
    int seenRows(HieraConfig running) {
        return kind == Kind.FIXED ? height : rows(running);
    }

    /** Returns the columns of an image before padding. */
    int seenColumns(HieraConfig running) {
        return kind == Kind.FIXED ? width : columns(running);
    }

    /** Returns the rows and columns at which an image of a given size is processed, before padding. */
    int[] nativeSides(HieraConfig model, int imageRows, int imageColumns) {
        double scale = Math.min(1, (double) height / Math.max(imageRows, imageColumns));
        int scaledRows = Math.max(1, (int) Math.round(imageRows * scale));
        int scaledColumns = Math.max(1, (int) Math.round(imageColumns * scale));
        return padding
                ? new int[] {scaledRows, scaledColumns}
                : new int[] {multiple(model, -2, scaledRows, false), multiple(model, -1, scaledColumns, false)};
    }

    /** Returns the longest side of {@link Kind#NATIVE} pixels along an axis, counted from the end, before padding. */
    int largestSide(HieraConfig model, int axis) {
        return multiple(model, axis, height, true);
    }

    /** Pads pixels to a supported size if padding is on. */
    HostTensor fit(HieraConfig model, HostTensor pixels) {
        if (!padding || pixels.shape().rank() != model.axes() + 2) {
            return pixels;
        }
        return PaddedPixels.of(
                pixels,
                multiple(model, -2, pixels.shape().size(-2), true),
                multiple(model, -1, pixels.shape().size(-1), true));
    }

    /** Returns the input size of pixels {@code [B, 3, (T,) H, W]}. */
    static List<Integer> of(HostTensor pixels) {
        return Arrays.stream(pixels.shape().sizes()).skip(2).boxed().toList();
    }

    /** Returns the nearest supported size along an axis, counted from the end, or the next larger one. */
    static int multiple(HieraConfig model, int axis, int pixels, boolean larger) {
        int step = model.inputMultiple().get(model.axes() + axis);
        int rounded = larger ? (pixels + step - 1) / step : Math.round((float) pixels / step);
        return Math.max(1, rounded) * step;
    }

    private static int rows(HieraConfig model) {
        return model.inputSize().get(model.axes() - 2);
    }

    private static int columns(HieraConfig model) {
        return model.inputSize().get(model.axes() - 1);
    }
}
