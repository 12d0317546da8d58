package io.github.hiera4j.detect.parity;

import static io.github.hiera4j.detect.parity.Findings.doubles;
import static io.github.hiera4j.detect.parity.Findings.integerList;
import static io.github.hiera4j.detect.parity.Findings.integers;

import io.github.hiera4j.detect.coco.LargeScaleJitter;
import io.github.hiera4j.detect.coco.TestSize;
import io.github.hiera4j.detect.geometry.Boxes;
import io.github.hiera4j.detect.geometry.MaskPaste;
import io.github.hiera4j.detect.geometry.MaskTargets;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.mask.RunLengthMask;
import io.github.hiera4j.model.parity.FormulaWeights;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Compares operations on masks and images with the reference. */
final class MaskOperationsParity {
    private static final double ROUNDING = 1e-12;
    private static final int MASK = 28;
    private static final double SMALLEST_SIDE = 1e-5;

    private MaskOperationsParity() {}

    static void run(JsonNode json, Findings findings) {
        paste(json.path("mask_paste"), findings);
        polygonTargets(json.path("mask_targets_polygon"), findings);
        bitmapTargets(json.path("mask_targets_bitmap"), findings);
        JsonNode jitter = json.path("large_scale_jitter");
        for (String list : List.of("runs", "half", "offsets")) {
            jitter.path(list).forEach(run -> jitter(run, findings));
        }
        jitter.path("pixels").forEach(run -> pixels(run, findings));
        for (JsonNode row : jitter.path("test_resize")) {
            int[] sizes = integers(row);
            TestSize size = TestSize.of(sizes[0], sizes[1], 1024, 1024);
            findings.equal("test size", List.of(sizes[2], sizes[3]), List.of(size.height(), size.width()));
        }
    }

    private static void paste(JsonNode json, Findings findings) {
        int[] image = integers(json.path("image"));
        double[] noise = FormulaWeights.noise("mask_probabilities", MASK * MASK);
        double[] smooth = new double[MASK * MASK];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (noise[i] + 1) / 2;
            double distance = Math.hypot(i % MASK - 12, i / MASK - 15);
            smooth[i] = Math.max(0, Math.min(1, 1.3 - distance / 11));
        }
        for (JsonNode run : json.path("runs")) {
            double[] mask = run.path("mask").asString().equals("noise") ? noise : smooth;
            Boxes box = Findings.boxes(run.path("box"));
            double[] soft = MaskPaste.probabilities(mask, MASK, box, 0, image[0], image[1]);
            findings.summary("mask paste", run.path("soft"), soft, ROUNDING);
            List<Double> sampled = new ArrayList<>();
            for (int i = 0; i < soft.length; i += 397) {
                sampled.add(soft[i]);
            }
            findings.close(
                    "mask paste, sampled",
                    doubles(run.path("soft_every_397")),
                    sampled.stream().mapToDouble(Double::doubleValue).toArray(),
                    ROUNDING);
            runs(
                    "mask paste, binary",
                    run.path("binary"),
                    MaskPaste.paste(mask, MASK, box, 0, image[0], image[1], .5),
                    findings);
        }
    }

    private static void runs(String name, JsonNode expected, RunLengthMask actual, Findings findings) {
        findings.equal(name, expected.path("counts").asString(), actual.compressed());
        findings.equal(name + ": area", expected.path("area").asLong(), actual.area());
    }

    private static List<double[]> polygons(JsonNode parts) {
        List<double[]> polygons = new ArrayList<>();
        parts.forEach(part -> polygons.add(doubles(part)));
        return polygons;
    }

    private static void polygonTargets(JsonNode json, Findings findings) {
        for (JsonNode run : json.path("runs")) {
            String shape = run.path("shape").asString();
            runs(
                    "mask target, " + shape,
                    run.path("mask"),
                    MaskTargets.ofPolygons(
                            polygons(json.path("shapes").path(shape)), Findings.boxes(run.path("box")), 0, MASK),
                    findings);
        }
    }

    private static void bitmapTargets(JsonNode json, Findings findings) {
        byte[] pixels = new byte[40 * 50];
        for (int y = 8; y <= 30; y++) {
            for (int x = 12; x <= 36; x++) {
                pixels[y * 50 + x] = (byte) (y >= 14 && y <= 19 && x >= 20 && x <= 27 ? 0 : 1);
            }
        }
        RunLengthMask bitmap = RunLengthMask.ofPixels(40, 50, pixels);
        Boxes boxes = Findings.boxes(json.path("boxes"));
        for (int i = 0; i < boxes.size(); i++) {
            runs(
                    "mask target of a bitmap",
                    json.path("masks").path(i),
                    MaskTargets.ofBitmap(bitmap, boxes, i, MASK),
                    findings);
        }
    }

    private static LargeScaleJitter.Plan plan(JsonNode run, int height, int width) {
        return new LargeScaleJitter(run.path("target").asInt(), .1, 2)
                .plan(
                        height,
                        width,
                        run.path("flip").asBoolean(),
                        run.path("u_scale").asDouble(),
                        run.path("u_crop").asDouble());
    }

    private static void jitter(JsonNode run, Findings findings) {
        LargeScaleJitter.Plan plan =
                plan(run, run.path("height").asInt(), run.path("width").asInt());
        findings.equal(
                "jitter: size", integerList(run.path("resized")), List.of(plan.resizedHeight(), plan.resizedWidth()));
        findings.equal("jitter: offset", integerList(run.path("offset_yx")), List.of(plan.top(), plan.left()));
        findings.equal(
                "jitter: output", integerList(run.path("output")), List.of(plan.outputHeight(), plan.outputWidth()));
        for (int i = 0; i < run.path("polygons").size(); i++) {
            JsonNode instance = run.path("instances").path(i);
            List<double[]> parts = plan.apply(polygons(run.path("polygons").path(i)));
            findings.equal("jitter: parts", instance.path("parts").asInt(), parts.size());
            findings.close(
                    "jitter: area",
                    new double[] {instance.path("area").asDouble()},
                    new double[] {LargeScaleJitter.Plan.area(parts)},
                    1e-9);
            Boxes box = LargeScaleJitter.Plan.tightBox(parts);
            if (!parts.isEmpty()) {
                findings.close("jitter: box", doubles(instance.path("box")), box.toArray(), 1e-9);
            }
            findings.equal(
                    "jitter: kept",
                    instance.path("kept").asBoolean(),
                    !parts.isEmpty() && box.width(0) > SMALLEST_SIDE && box.height(0) > SMALLEST_SIDE);
        }
    }

    private static void pixels(JsonNode run, Findings findings) {
        int height = 37;
        int width = 53;
        double[] noise = FormulaWeights.noise("input_picture", height * width * 3);
        byte[] pixels = new byte[noise.length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (int) Math.floor((noise[i] + 1) * 128);
        }
        Rgb8Image image = plan(run, height, width).apply(Rgb8Image.wrap(width, height, pixels));
        findings.equal("jitter: picture", integerList(run.path("shape")), List.of(image.height(), image.width(), 3));
        findings.equal("jitter: pixels", run.path("sha256").asString(), sha256(image.toByteArray()));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
