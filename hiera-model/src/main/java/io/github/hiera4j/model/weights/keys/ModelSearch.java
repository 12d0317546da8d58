package io.github.hiera4j.model.weights.keys;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.Printable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Finds every Hiera among the tensor names of a file, regardless of the framework that trained it.
 *
 * <p>A model is located by its patch embedding. The prefix of that name is the place of the model: the attribute of a
 * Lightning module, the student or teacher of a distillation, an average stored beside the weights. Names of the wrappers that
 * frameworks put around modules or single blocks have no meaning and are removed wherever they occur.
 */
public final class ModelSearch {
    /** Wrappers of DistributedDataParallel and DeepSpeed, torch.compile, FSDP, activation checkpointing, fairscale, Lightning, Opacus. */
    private static final Set<String> WRAPPERS = Set.of(
            "module",
            "_orig_mod",
            "_fsdp_wrapped_module",
            "_checkpoint_wrapped_module",
            "_fpw_module",
            "_forward_module",
            "_module");

    /** The name of the patch embedding in the official and timm's style, and in that of transformers. */
    private static final List<String> MARKS =
            List.of("patch_embed.proj.weight", "embeddings.patch_embeddings.projection.weight");

    private static final Set<String> AVERAGED_WORDS =
            Set.of("ema", "teacher", "average", "averaged", "avg", "swa", "shadow", "momentum", "target");

    /** Usual places in order of preference: of several models that are not averages, the one in the first of these places is chosen. */
    private static final List<String> USUAL_PLACES = List.of(
            "model_state",
            "state_dict",
            "model_state_dict",
            "model",
            "module",
            "net",
            "network",
            "student",
            "backbone",
            "encoder");

    private static final int MOST_MODELS = 16;

    /** The counter that torch's {@code AveragedModel} keeps beside its weights. */
    private static final String AVERAGE_COUNTER = "n_averaged";

    private ModelSearch() {}

    /**
     * {@return whether a tensor with this name is the patch embedding of a Hiera in any place}
     *
     * @param name the name
     */
    public static boolean isMark(String name) {
        String bare = withoutWrappers(name);
        return MARKS.stream().anyMatch(mark -> bare.equals(mark) || bare.endsWith("." + mark));
    }

    /**
     * {@return every model in a file, in the order of the file}
     *
     * @param names names of tensors in the file
     * @param location the location of the names in the file, for example {@code model_state}; may be empty
     */
    public static List<ModelNames> find(Collection<String> names, String location) {
        Map<String, String> bareNames = new LinkedHashMap<>();
        Set<String> prefixes = new LinkedHashSet<>();
        for (String name : names) {
            String bare = withoutWrappers(name);
            bareNames.put(name, bare);
            MARKS.stream()
                    .filter(mark -> bare.equals(mark) || bare.endsWith("." + mark))
                    .forEach(mark -> prefixes.add(prefix(bare.substring(0, bare.length() - mark.length()))));
        }
        check(prefixes.size() <= MOST_MODELS, "contains %d models, more than %d", prefixes.size(), MOST_MODELS);
        List<ModelNames> models = new ArrayList<>();
        for (String prefix : prefixes) {
            models.add(model(bareNames, prefixes, prefix, location));
        }
        return models;
    }

    /** Returns the prefix of a patch embedding's name, without transformers' own {@code hiera.} or {@code vit.}. */
    private static String prefix(String before) {
        for (String own : List.of("hiera.", "vit.")) {
            if (before.equals(own) || before.endsWith("." + own)) {
                return before.substring(0, before.length() - own.length());
            }
        }
        return before;
    }

    private static ModelNames model(
            Map<String, String> bareNames, Set<String> prefixes, String prefix, String location) {
        Map<String, String> own = new LinkedHashMap<>();
        List<String> aside = new ArrayList<>();
        bareNames.forEach((name, bare) -> {
            String home = prefixes.stream()
                    .filter(bare::startsWith)
                    .max(Comparator.comparingInt(String::length))
                    .orElse(null);
            if (prefix.equals(home)) {
                String duplicate = own.put(bare.substring(prefix.length()), name);
                check(
                        duplicate == null,
                        "tensors '%s' and '%s' both map to '%s'",
                        Printable.of(duplicate),
                        Printable.of(name),
                        Printable.of(bare));
            } else if (home == null) {
                aside.add(name);
            }
        });
        String inner = prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1);
        String place = location.isEmpty() || inner.isEmpty() ? location + inner : location + "." + inner;
        boolean counted = own.remove(AVERAGE_COUNTER) != null;
        return new ModelNames(Printable.of(place), counted || isAveraged(place), own, aside);
    }

    /**
     * {@return the model to open}
     *
     * @param models all models of a file
     * @param averaged true for averaged weights; false for the raw ones, or the averaged ones if there are no others
     */
    public static ModelNames choose(List<ModelNames> models, boolean averaged) {
        List<ModelNames> wanted =
                models.stream().filter(model -> model.averaged() == averaged).toList();
        check(
                !averaged || !wanted.isEmpty(),
                "contains no averaged weights (EMA, teacher), only those in %s; leave --ema out",
                labels(models));
        List<ModelNames> candidates = wanted.isEmpty() ? models : wanted;
        if (candidates.size() == 1) {
            return candidates.get(0);
        }
        for (String usual : USUAL_PLACES) {
            for (ModelNames model : candidates) {
                if (model.place().isEmpty()
                        || Arrays.asList(model.place().split("\\.")).contains(usual)) {
                    return model;
                }
            }
        }
        throw new HieraException("contains several models (" + labels(candidates)
                + "), and their names do not indicate which one to use; save the state_dict() of only one");
    }

    static String labels(List<ModelNames> models) {
        return Printable.of(
                String.join(", ", models.stream().map(ModelNames::label).toList()));
    }

    private static boolean isAveraged(String place) {
        return Arrays.stream(place.toLowerCase(Locale.ROOT).split("[._]")).anyMatch(AVERAGED_WORDS::contains)
                || place.endsWith("encoder_k");
    }

    private static String withoutWrappers(String name) {
        if (WRAPPERS.stream().noneMatch(name::contains)) {
            return name;
        }
        StringBuilder bare = new StringBuilder();
        for (String part : name.split("\\.", -1)) {
            if (!WRAPPERS.contains(part)) {
                bare.append(bare.isEmpty() ? "" : ".").append(part);
            }
        }
        return bare.toString();
    }
}
