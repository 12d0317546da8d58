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

/**
 * Maps a checkpoint's tensor names to the official ones and back.
 *
 * <p>A name that the style does not know stays unchanged, so that strict loading reports it as unexpected.
 */
public final class KeyMap {
    private final KeyStyle style;
    private final Map<String, String> fileNames;
    private final List<String> dropped;

    private KeyMap(KeyStyle style, Map<String, String> fileNames, List<String> dropped) {
        this.style = style;
        this.fileNames = Collections.unmodifiableMap(fileNames);
        this.dropped = List.copyOf(dropped);
    }

    /**
     * Recognises the style of a checkpoint's names, strips the prefixes of wrappers and maps the rest. If there are several models,
     * the raw weights are chosen; see {@link ModelSearch#choose}.
     *
     * @param names all tensor names of the checkpoint
     * @return the map
     */
    public static KeyMap reading(Collection<String> names) {
        List<ModelNames> models = ModelSearch.find(names, "");
        if (models.isEmpty()) {
            throw KeyStyle.notHiera(names);
        }
        return reading(ModelSearch.choose(models, false));
    }

    /**
     * Recognises the style of a model's names and maps them.
     *
     * @param model the names of one model in the file
     * @return the map
     */
    public static KeyMap reading(ModelNames model) {
        Collection<String> names = model.fileNames().keySet();
        KeyStyle style = KeyStyle.detect(names);
        List<Integer> starts = style == KeyStyle.TRANSFORMERS ? TransformersKeys.stageStarts(names) : List.of();
        Map<String, String> fileNames = new LinkedHashMap<>();
        List<String> dropped = new ArrayList<>();
        model.fileNames().forEach((bare, name) -> {
            if (style == KeyStyle.TRANSFORMERS && TransformersKeys.isBackboneNorm(bare)) {
                dropped.add(name);
                return;
            }
            String official = switch (style) {
                case OFFICIAL -> bare;
                case TIMM -> TimmKeys.toOfficial(bare);
                case TRANSFORMERS -> TransformersKeys.toOfficial(bare, starts);
            };
            String other = fileNames.put(official, name);
            check(
                    other == null,
                    "tensors '%s' and '%s' both map to '%s'",
                    Printable.of(other),
                    Printable.of(name),
                    Printable.of(official));
        });
        return new KeyMap(style, fileNames, dropped);
    }

    /**
     * {@return the map from official names to another style} <p>timm has no masked autoencoder: only its encoder is kept (as in timm's
     * {@code .mae} files), and the rest is {@link #dropped}.
     *
     * @param style the convention of names and keys
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

    /** {@return the style of the names} */
    public KeyStyle style() {
        return style;
    }

    /** {@return the names in the file by official name, in the order of the source} */
    public Map<String, String> fileNames() {
        return fileNames;
    }

    /**
     * Returns the names left out: for writing, official names that the style cannot express; for reading, names that no Hiera uses.
     *
     * @return the names
     */
    public List<String> dropped() {
        return dropped;
    }

    /**
     * {@return a checkpoint's tensors under their official names}
     *
     * @param file the tensors under the names of the file
     */
    public WeightSource official(WeightSource file) {
        return new RenamedWeights(file, fileNames);
    }

    /**
     * Returns official tensors under the names of this style.
     *
     * @param official tensors under official names
     * @return the renamed tensors
     */
    public WeightSource inStyle(WeightSource official) {
        Map<String, String> officialNames = new LinkedHashMap<>();
        fileNames.forEach((name, fileName) -> {
            if (officialNames.put(fileName, name) != null) {
                throw new HieraException("two tensors would be named '" + fileName + "'");
            }
        });
        return new RenamedWeights(official, officialNames);
    }
}
