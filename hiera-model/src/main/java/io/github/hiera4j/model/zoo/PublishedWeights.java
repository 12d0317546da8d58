package io.github.hiera4j.model.zoo;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.io.Spelling;
import io.github.hiera4j.model.network.HieraVariant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A published weight file. Sources: the model zoos of the reference implementations of Hiera and SAM 2.
 *
 * @param name the name of the model, {@code hiera_base_224} or {@code mae_hiera_base_224}
 * @param checkpoint how it was trained, {@code mae_in1k_ft_in1k}; empty if there is only one
 * @param base the official address of its directory, with a slash at the end
 * @param fileName the name of the file in that directory
 * @param hubRepository the repository on the hub with the same model
 * @param licence its licence
 * @param size its size in bytes, if known
 * @param sha256 its digest in lower-case hexadecimal digits, if known
 */
public record PublishedWeights(
        String name,
        String checkpoint,
        String base,
        String fileName,
        String hubRepository,
        Licence licence,
        Optional<Long> size,
        Optional<String> sha256) {
    private static final String HIERA_BASE = "https://dl.fbaipublicfiles.com/hiera/";
    private static final String SAM2_BASE = "https://dl.fbaipublicfiles.com/segment_anything_2/092824/";
    private static final String HUB_BASE = "https://huggingface.co/";

    private static final List<PublishedWeights> ALL = table();

    /** {@return every published file} */
    public static List<PublishedWeights> all() {
        return ALL;
    }

    /**
     * Finds published weights by the model's name.
     *
     * @param name the name
     * @return the weights; empty if there are none with this name
     */
    public static Optional<PublishedWeights> find(String name) {
        return ALL.stream().filter(weights -> weights.name.equals(name)).findFirst();
    }

    /**
     * Finds published weights by the model's name; throws a {@code HieraException} that lists the names.
     *
     * @param name the name
     * @return the weights
     */
    public static PublishedWeights named(String name) {
        return find(name)
                .orElseThrow(() -> new HieraException("there are no published weights '" + Printable.of(name) + "'"
                        + Spelling.suggestion(name, names()) + "; there are " + String.join(", ", names())));
    }

    static List<String> names() {
        return ALL.stream().map(PublishedWeights::name).toList();
    }

    /** {@return the official address} */
    public String address() {
        return base + fileName;
    }

    /**
     * {@return the address of a file on the hub}
     *
     * @param file the name of a file on the hub
     */
    public String hubAddress(String file) {
        return HUB_BASE + hubRepository + "/resolve/main/" + file;
    }

    /** {@return whether the file contains an encoder or autoencoder of the Hiera release, which this project can open as such} */
    public boolean isHiera() {
        return base.equals(HIERA_BASE);
    }

    private static List<PublishedWeights> table() {
        List<PublishedWeights> table = new ArrayList<>();
        for (HieraVariant variant : HieraVariant.values()) {
            String model = variant.officialName();
            if (variant.checkpoints().size() != 2) {
                continue; // not part of the release: trained by another project
            }
            String pretrained = variant.checkpoints().get(0);
            String finetuned = variant.checkpoints().get(1);
            table.add(hiera(model, finetuned, model));
            table.add(hiera("mae_" + model, pretrained, model));
        }
        for (String size : List.of("tiny", "small", "base_plus", "large")) {
            String name = "sam2.1_hiera_" + size;
            String hub = "facebook/sam2.1-hiera-" + size.replace('_', '-');
            table.add(new PublishedWeights(
                    name, "", SAM2_BASE, name + ".pt", hub, Licence.APACHE_2_0, Optional.empty(), Optional.empty()));
        }
        return List.copyOf(table);
    }

    private static PublishedWeights hiera(String name, String checkpoint, String model) {
        return new PublishedWeights(
                name,
                checkpoint,
                HIERA_BASE,
                name + ".pth",
                "facebook/" + model + "." + checkpoint,
                Licence.CC_BY_NC_4_0,
                Optional.empty(),
                Optional.empty());
    }
}
