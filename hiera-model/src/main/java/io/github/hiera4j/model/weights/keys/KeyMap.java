package io.github.hiera4j.model.weights.keys;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The way from a checkpoint's tensor names to the official ones and back.
 *
 * <p>A name that the style does not know is passed on as it is, so that strict loading reports it as unexpected.
 */
public final class KeyMap {
    private static final Pattern WRAPPER = Pattern.compile(
            "((?:(?:module|model|_orig_mod)\\.)*)(?:hiera\\.)?(?:patch_embed\\.proj|embeddings\\.patch_embeddings"
                    + "\\.projection)\\.weight");

    private final KeyStyle style;
    private final Map<String, String> fileNames;
    private final List<String> dropped;

    private KeyMap(KeyStyle style, Map<String, String> fileNames, List<String> dropped) {
        this.style = style;
        this.fileNames = Collections.unmodifiableMap(fileNames);
        this.dropped = List.copyOf(dropped);
    }

    /**
     * Recognises the style of a checkpoint's names, strips the prefixes of wrappers and maps the rest.
     *
     * @param names all tensor names of the checkpoint
     */
    public static KeyMap reading(Collection<String> names) {
        KeyStyle style = KeyStyle.detect(names);
        String wrapper = wrapper(names);
        List<String> unwrapped = names.stream()
                .map(name -> name.startsWith(wrapper) ? name.substring(wrapper.length()) : name)
                .toList();
        List<Integer> starts = style == KeyStyle.TRANSFORMERS ? TransformersKeys.stageStarts(unwrapped) : List.of();
        Map<String, String> fileNames = new LinkedHashMap<>();
        int index = 0;
        for (String name : names) {
            String bare = unwrapped.get(index++);
            String official = switch (style) {
                case OFFICIAL -> bare;
                case TIMM -> TimmKeys.toOfficial(bare);
                case TRANSFORMERS -> TransformersKeys.toOfficial(bare, starts);
            };
            String other = fileNames.put(official, name);
            check(
                    other == null,
                    "tensors '%s' and '%s' both mean '%s'",
                    Printable.of(other),
                    Printable.of(name),
                    Printable.of(official));
        }
        return new KeyMap(style, fileNames, List.of());
    }

    /**
     * Names official tensors in another style.
     *
     * <p>timm knows no masked autoencoder: of one, its encoder is kept (as in timm's {@code .mae} files) and the rest is
     * {@link #dropped}.
     *
     * @param stages blocks per stage of the model
     * @param officialNames all tensor names of the model
     */
    public static KeyMap writing(KeyStyle style, List<Integer> stages, Collection<String> officialNames) {
        Map<String, String> fileNames = new LinkedHashMap<>();
        List<String> dropped = new ArrayList<>();
        boolean headless = officialNames.stream().noneMatch(name -> name.startsWith("head.projection."))
                && !officialNames.contains("decoder_pred.weight");
        for (String official : officialNames) {
            switch (style) {
                case OFFICIAL -> fileNames.put(official, official);
                case TIMM -> {
                    if (TimmKeys.isDecoder(official)) {
                        dropped.add(official);
                    } else {
                        fileNames.put(official, TimmKeys.fromOfficial(official));
                    }
                }
                case TRANSFORMERS -> fileNames.put(official, TransformersKeys.fromOfficial(official, stages, headless));
            }
        }
        return new KeyMap(style, fileNames, dropped);
    }

    public KeyStyle style() {
        return style;
    }

    /** The name in the file of every official name, in the order of the source. */
    public Map<String, String> fileNames() {
        return fileNames;
    }

    /** Official names that the style cannot express and that are left out. */
    public List<String> dropped() {
        return dropped;
    }

    /** A checkpoint's tensors under their official names. */
    public WeightSource official(WeightSource file) {
        return new RenamedWeights(file, fileNames);
    }

    /** Official tensors under the names of this style. */
    public WeightSource inStyle(WeightSource official) {
        Map<String, String> officialNames = new LinkedHashMap<>();
        fileNames.forEach((name, fileName) -> {
            if (officialNames.put(fileName, name) != null) {
                throw new HieraException("two tensors would be named '" + fileName + "'");
            }
        });
        return new RenamedWeights(official, officialNames);
    }

    private static String wrapper(Collection<String> names) {
        for (String name : names) {
            Matcher matcher = WRAPPER.matcher(name);
            if (matcher.matches()) {
                return matcher.group(1);
            }
        }
        return "";
    }
}
