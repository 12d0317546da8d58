package io.github.hiera4j.model.sam.checkpoint;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.Printable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Maps the tensor names of a file to those of the original checkpoints.
 *
 * <p>Tensors that only the video model reads are left out and listed; unknown names are passed on unchanged, so that
 * strict loading reports them.
 */
final class Sam2Keys {
    /** A tensor that every SAM 2 model has, under its original name and that of transformers. */
    private static final String ORIGINAL_MARK = "image_encoder.trunk.patch_embed.proj.weight";

    private static final String TRANSFORMERS_MARK = "vision_encoder.backbone.patch_embed.projection.weight";

    private static final Pattern VIDEO_ONLY =
            Pattern.compile("memory_.*|maskmem_tpos_enc|no_mem_pos_enc|no_obj_.*|obj_ptr_.*"
                    + "|mask_downsample\\..*|no_memory_positional_.*|no_object_.*|object_pointer_.*|occlusion_.*"
                    + "|temporal_positional_.*");

    /** transformers keeps the four point vectors in one table. */
    private static final String POINT_TABLE = "prompt_encoder.point_embed.weight";

    private static final int POINT_VECTORS = 4;

    /** transformers stores one matrix twice. */
    private static final String SECOND_MATRIX = "prompt_encoder.shared_embedding.positional_embedding";

    private static final String FIRST_MATRIX = "shared_image_embedding.positional_embedding";
    private static final String MATRIX = "sam_prompt_encoder.pe_layer.positional_encoding_gaussian_matrix";

    /** Replacements in a transformers name, applied in this order. */
    private static final Map<String, String> RENAMED = new LinkedHashMap<>();

    static {
        RENAMED.put("^vision_encoder\\.backbone\\.", "image_encoder.trunk.");
        RENAMED.put("^vision_encoder\\.neck\\.convs\\.(\\d+)\\.", "image_encoder.neck.convs.$1.conv.");
        RENAMED.put("patch_embed\\.projection\\.", "patch_embed.proj.");
        RENAMED.put("^no_memory_embedding$", "no_mem_embed");
        RENAMED.put("^mask_decoder\\.", "sam_mask_decoder.");
        RENAMED.put("\\.o_proj\\.", ".out_proj.");
        RENAMED.put("\\.layer_norm_final_attn\\.", ".norm_final_attn.");
        RENAMED.put("\\.upscale_conv1\\.", ".output_upscaling.0.");
        RENAMED.put("\\.upscale_layer_norm\\.", ".output_upscaling.1.");
        RENAMED.put("\\.upscale_conv2\\.", ".output_upscaling.3.");
        RENAMED.put("^prompt_encoder\\.mask_embed\\.conv1\\.", "sam_prompt_encoder.mask_downscaling.0.");
        RENAMED.put("^prompt_encoder\\.mask_embed\\.layer_norm1\\.", "sam_prompt_encoder.mask_downscaling.1.");
        RENAMED.put("^prompt_encoder\\.mask_embed\\.conv2\\.", "sam_prompt_encoder.mask_downscaling.3.");
        RENAMED.put("^prompt_encoder\\.mask_embed\\.layer_norm2\\.", "sam_prompt_encoder.mask_downscaling.4.");
        RENAMED.put("^prompt_encoder\\.mask_embed\\.conv3\\.", "sam_prompt_encoder.mask_downscaling.6.");
        RENAMED.put("^prompt_encoder\\.", "sam_prompt_encoder.");
        RENAMED.put("\\.layer_norm(\\d)\\.", ".norm$1.");
        RENAMED.put("(_head|_mlps\\.\\d+)\\.layers\\.0\\.", "$1.layers.1.");
        RENAMED.put("\\.proj_in\\.", ".layers.0.");
        RENAMED.put("(_head|_mlps\\.\\d+)\\.proj_out\\.", "$1.layers.2.");
        RENAMED.put("\\.mlp\\.proj_out\\.", ".mlp.layers.1.");
    }

    /**
     * The location of an original tensor.
     *
     * @param name the tensor in the file
     * @param row the row of the tensor, or -1 for the whole tensor
     */
    record Place(String name, int row) {}

    private final boolean transformers;
    private final Map<String, Place> places = new LinkedHashMap<>();
    private final List<String> videoOnly = new ArrayList<>();

    private Sam2Keys(Collection<String> names) {
        transformers = names.contains(TRANSFORMERS_MARK);
        if (!transformers && !names.contains(ORIGINAL_MARK)) {
            throw new HieraException("not a SAM 2 model: expected a tensor '" + ORIGINAL_MARK + "', or transformers' '"
                    + TRANSFORMERS_MARK + "'");
        }
        for (String name : names) {
            if (VIDEO_ONLY.matcher(name).matches()) {
                videoOnly.add(name);
            } else if (transformers) {
                addTransformers(name, names);
            } else {
                put(name, name, -1);
            }
        }
    }

    /** Returns whether a file's tensors are those of a SAM 2 model. */
    static boolean matches(Collection<String> names) {
        return names.contains(ORIGINAL_MARK) || names.contains(TRANSFORMERS_MARK);
    }

    /** Throws a {@code HieraException} if the tensors are not those of a SAM 2 model. */
    static Sam2Keys reading(Collection<String> names) {
        return new Sam2Keys(names);
    }

    private void addTransformers(String name, Collection<String> names) {
        if (name.equals(POINT_TABLE)) {
            for (int row = 0; row < POINT_VECTORS; row++) {
                put("sam_prompt_encoder.point_embeddings." + row + ".weight", name, row);
            }
        } else if (name.equals(FIRST_MATRIX) || (name.equals(SECOND_MATRIX) && !names.contains(FIRST_MATRIX))) {
            put(MATRIX, name, -1);
        } else if (!name.equals(SECOND_MATRIX)) {
            put(original(name), name, -1);
        }
    }

    private static String original(String transformersName) {
        String name = transformersName;
        for (Map.Entry<String, String> rule : RENAMED.entrySet()) {
            Matcher matcher = Pattern.compile(rule.getKey()).matcher(name);
            name = matcher.replaceAll(rule.getValue());
        }
        return name;
    }

    private void put(String original, String name, int row) {
        Place other = places.put(original, new Place(name, row));
        if (other != null) {
            throw new HieraException("tensors '" + Printable.of(other.name()) + "' and '" + Printable.of(name)
                    + "' both map to '" + Printable.of(original) + "'");
        }
    }

    /** Returns whether the file uses transformers' names. */
    boolean isTransformers() {
        return transformers;
    }

    /** Returns the location of each tensor of the original checkpoint, in the order of the file. */
    Map<String, Place> places() {
        return Collections.unmodifiableMap(places);
    }

    /** Returns the tensors that only the video model reads. */
    List<String> videoOnly() {
        return Collections.unmodifiableList(videoOnly);
    }
}
