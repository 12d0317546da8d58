package io.github.hiera4j.train.data;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * Samples to train on and others for evaluation.
 *
 * @param name the origin of the data
 * @param classNames names of the classes by index; empty if the samples have no classes
 * @param train training samples; may be empty if the data set is for evaluation only
 * @param validation held-out samples; may be empty
 * @param heldOut describes the content of {@code validation}, in words that complete "validation: …"
 */
public record Dataset(
        String name, List<String> classNames, SampleSource train, SampleSource validation, String heldOut) {
    /**
     * Checks the values and copies the collections.
     *
     * @param name the origin of the data
     * @param classNames names of the classes by index; empty if the samples have no classes
     * @param train training samples; may be empty if the data set is for evaluation only
     * @param validation held-out samples; may be empty
     * @param heldOut describes the content of {@code validation}, in words that complete "validation: …"
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public Dataset {
        classNames = List.copyOf(classNames);
        check(train.size() + validation.size() > 0, "%s: has no samples", name);
        checkLabels(name, classNames.size(), train);
        checkLabels(name, classNames.size(), validation);
    }

    /**
     * Creates a labelled data set whose held-out samples need no explanation.
     *
     * @param name the name
     * @param classNames names of the classes by label
     * @param train samples to learn from
     * @param validation held-out samples
     */
    public Dataset(String name, List<String> classNames, SampleSource train, SampleSource validation) {
        this(name, classNames, train, validation, validation.size() == 0 ? "nothing" : "validation samples");
        check(!classNames.isEmpty(), "%s: has no classes", name);
    }

    /**
     * {@return a data set for pretraining, whose samples have no classes}
     *
     * @param name the name
     * @param train samples to learn from
     * @param validation held-out samples
     * @param heldOut which samples are held out, in words
     */
    public static Dataset unlabelled(String name, SampleSource train, SampleSource validation, String heldOut) {
        return new Dataset(name, List.of(), train, validation, heldOut);
    }

    /** {@return whether the samples have classes} */
    public boolean isLabelled() {
        return !classNames.isEmpty();
    }

    private static void checkLabels(String name, int classes, SampleSource source) {
        for (int i = 0; i < source.size(); i++) {
            int label = source.label(i);
            boolean none = classes == 0 && label == SampleSource.NO_LABEL;
            if (!none && (label < 0 || label >= classes)) {
                throw new HieraException(String.format(
                        Locale.ROOT,
                        "%s: %s has the label %d, expected 0 to %d",
                        name,
                        source.name(i),
                        label,
                        classes - 1));
            }
        }
    }

    /**
     * Returns text that changes when a file is added, removed, renamed or relabelled, but not when the data set is moved: the
     * directories that all names share are ignored.
     *
     * @return 16 hexadecimal digits
     */
    public String fingerprint() {
        MessageDigest digest = sha256();
        classNames.forEach(name -> add(digest, name));
        int shared = sharedDirectories();
        for (SampleSource source : List.of(train, validation)) {
            add(digest, Integer.toString(source.size()));
            for (int i = 0; i < source.size(); i++) {
                add(digest, source.name(i).substring(shared).replace('\\', '/'));
                add(digest, Integer.toString(source.label(i)));
                String annotation = source.annotation(i);
                if (!annotation.isEmpty()) {
                    add(digest, annotation);
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest(), 0, 8);
    }

    /** Returns the length of the directory prefix that all samples' names share. */
    private int sharedDirectories() {
        String first = (train.size() > 0 ? train : validation).name(0);
        int length = first.length();
        for (SampleSource source : List.of(train, validation)) {
            for (int i = 0; i < source.size() && length > 0; i++) {
                String name = source.name(i);
                int same = 0;
                int most = Math.min(length, name.length());
                while (same < most && name.charAt(same) == first.charAt(same)) {
                    same++;
                }
                length = same;
            }
        }
        while (length > 0 && first.charAt(length - 1) != '/' && first.charAt(length - 1) != '\\') {
            length--;
        }
        return length;
    }

    private static void add(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) { // every Java platform has it
            throw new IllegalStateException(impossible);
        }
    }
}
