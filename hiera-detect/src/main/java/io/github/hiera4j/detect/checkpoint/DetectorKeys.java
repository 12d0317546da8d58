package io.github.hiera4j.detect.checkpoint;

import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The naming styles of detector files. */
public enum DetectorKeys {
    /** {@code backbone.bottom_up.blocks.0…}, {@code backbone.fpn_lateral2…}, {@code proposal_generator…}, {@code roi_heads…}. */
    DETECTRON2,

    /** {@code backbone.body.blocks.0…}, {@code backbone.fpn.inner_blocks.0.0…}, {@code rpn.head…}, {@code roi_heads…}. */
    TORCHVISION;

    private static final Pattern PYRAMID = Pattern.compile("fpn_(lateral|output)(\\d)(\\.norm)?\\.(weight|bias)");
    private static final Pattern RPN = Pattern.compile("proposal_generator\\.rpn_head\\.conv(?:\\.conv(\\d+))?\\.(.*)");
    private static final Pattern CONVOLUTION =
            Pattern.compile("roi_heads\\.(box_head\\.conv|mask_head\\.mask_fcn)(\\d+)(\\.norm)?\\.(weight|bias)");
    private static final Pattern LINEAR = Pattern.compile("roi_heads\\.box_head\\.fc(\\d+)\\.(weight|bias)");

    /** Returns the style of a file's names; Detectron2's if the names are ambiguous. */
    static DetectorKeys of(Collection<String> names) {
        return names.stream().anyMatch(name -> name.startsWith("rpn.head.")) ? TORCHVISION : DETECTRON2;
    }

    /**
     * Returns the name of a weight in a file.
     *
     * @param name the name in the network
     * @param boxConvolutions number of convolutions in the box head, needed because torchvision numbers all its layers
     */
    String fileName(String name, int boxConvolutions) {
        return this == DETECTRON2 ? detectron2(name) : torchvision(name, boxConvolutions);
    }

    private static String detectron2(String name) {
        if (name.startsWith("proposal_generator.") || name.startsWith("roi_heads.")) {
            return name;
        }
        return (name.startsWith("fpn_") ? "backbone." : "backbone.bottom_up.") + name;
    }

    private static String torchvision(String name, int boxConvolutions) {
        Matcher pyramid = PYRAMID.matcher(name);
        if (pyramid.matches()) {
            String blocks = pyramid.group(1).equals("lateral") ? "inner_blocks" : "layer_blocks";
            int level = Integer.parseInt(pyramid.group(2)) - 2;
            return "backbone.fpn." + blocks + "." + level + layer(pyramid.group(3)) + pyramid.group(4);
        }
        Matcher rpn = RPN.matcher(name);
        if (rpn.matches()) {
            String index = rpn.group(1) == null ? "0" : rpn.group(1);
            String rest = rpn.group(2);
            return "rpn.head.conv." + index + (rest.startsWith("norm.") ? ".1." + rest.substring(5) : ".0." + rest);
        }
        Matcher convolution = CONVOLUTION.matcher(name);
        if (convolution.matches()) {
            String head = convolution.group(1).startsWith("box") ? "box_head." : "mask_head.";
            int index = Integer.parseInt(convolution.group(2)) - 1;
            return "roi_heads." + head + index + layer(convolution.group(3)) + convolution.group(4);
        }
        Matcher linear = LINEAR.matcher(name);
        if (linear.matches()) {
            int number = Integer.parseInt(linear.group(1));
            String layer =
                    boxConvolutions == 0 ? "fc" + (number + 5) : Integer.toString(boxConvolutions + 2 * number - 1);
            return "roi_heads.box_head." + layer + "." + linear.group(2);
        }
        String renamed = name.replace("proposal_generator.rpn_head.objectness_logits.", "rpn.head.cls_logits.")
                .replace("proposal_generator.rpn_head.anchor_deltas.", "rpn.head.bbox_pred.")
                .replace("roi_heads.mask_head.deconv.", "roi_heads.mask_predictor.conv5_mask.")
                .replace("roi_heads.mask_head.predictor.", "roi_heads.mask_predictor.mask_fcn_logits.");
        boolean moved = !renamed.equals(name) || name.startsWith("roi_heads.");
        return moved ? renamed : "backbone.body." + name;
    }

    private static String layer(@Nullable String norm) {
        return norm == null ? ".0." : ".1.";
    }
}
