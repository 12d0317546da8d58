package io.github.hiera4j.model.weights.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.UnsupportedException;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.io.Json;
import io.github.hiera4j.model.testing.TestFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Every setting in the files of every tool is used, has no effect, or is refused by its name. */
class SettingsTest {
    @TempDir
    Path directory;

    @Test
    void everyHonouredSettingChangesTheModelOrItsPicturesOrIsRefusedByName() throws IOException {
        for (Map.Entry<String, Map<String, String>> file : OtherSettingValues.ALL.entrySet()) {
            String[] place = file.getKey().split(" ");
            for (Map.Entry<String, String> setting : file.getValue().entrySet()) {
                String what = file.getKey() + " " + setting;
                copy(TestFiles.resource(place[0]));
                String before = outcome();
                change(place[1], setting.getKey(), setting.getValue());
                String after = outcome();
                assertThat(after).as(what).isNotEqualTo(before);
                assertThat(after).as(what).doesNotContain("internal");
            }
        }
    }

    /** Returns the model and its preprocessing, or the message of the refusal. */
    private String outcome() {
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            checkpoint.report().requireExact();
            return checkpoint.config() + " " + checkpoint.preprocessHints();
        } catch (HieraException refused) {
            return refused.getMessage();
        }
    }

    @Test
    void theTableOfHonouredSettingsIsTested() {
        Map<String, SettingRules> tables = Map.of(
                "/checkpoints/hub_official_nano config.json", Settings.OFFICIAL,
                "/checkpoints/hf_nano config.json", Settings.TRANSFORMERS,
                "/checkpoints/timm_nano model_args", Settings.TIMM_ARGUMENTS,
                "/checkpoints/timm_nano pretrained_cfg", Settings.TIMM_PRETRAINED,
                "/reports/hf_preprocessor preprocessor_config.json", Settings.PROCESSOR);
        Set<String> testedElsewhere = Set.of(
                "mae_target",
                "multi_scale_fusion",
                "decoder_embed_dim",
                "decoder_depth",
                "decoder_num_heads",
                "decoder_hidden_size",
                "normalize_pixel_loss",
                "id2label",
                "label_names",
                "model_type",
                "num_classes",
                "input_size",
                "feature_extractor_type",
                "crop_pct",
                "default_to_square");
        tables.forEach((place, rules) -> {
            Set<String> untested = new TreeSet<>(rules.honoured());
            untested.removeAll(
                    OtherSettingValues.ALL.getOrDefault(place, Map.of()).keySet());
            untested.removeAll(testedElsewhere);
            assertThat(untested).as(place).isEmpty();
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/checkpoints/hf_nano | config.json | hidden_act | \"relu\"",
                "/checkpoints/hf_nano | config.json | hidden_act | \"gelu_new\"",
                "/checkpoints/hf_nano | config.json | hidden_act | \"gelu_pytorch_tanh\"",
                "/checkpoints/hf_nano | config.json | problem_type | \"multi_label_classification\"",
                "/checkpoints/hf_nano | config.json | qkv_bias | false",
                "/checkpoints/hf_nano | config.json | pruned_heads | {\"0\": [0]}",
                "/checkpoints/hf_nano | config.json | auto_map | {\"AutoModel\": \"modeling.Mine\"}",
                "/checkpoints/hf_nano | config.json | quantization_config | {\"bits\": 8}",
                "/checkpoints/hf_nano | config.json | surprise | 1",
                "/checkpoints/hf_mae_nano | config.json | normalize_pixel_loss | false",
                "/checkpoints/hub_official_nano | config.json | norm_layer | \"RMSNorm\"",
                "/checkpoints/hub_official_nano | config.json | act_layer | \"ReLU\"",
                "/checkpoints/hub_official_nano | config.json | qkv_bias | false",
                "/checkpoints/hub_official_nano | config.json | eps | 1e-5",
                "/checkpoints/hub_official_nano | config.json | global_pool | \"token\"",
                "/checkpoints/timm_nano | config.json | global_pool | \"\"",
                "/checkpoints/timm_nano | config.json | surprise | true",
                "/checkpoints/timm_nano | model_args | global_pool | \"catavgmax\"",
                "/checkpoints/timm_nano | model_args | norm_layer | \"rmsnorm\"",
                "/checkpoints/timm_nano | model_args | act_layer | \"relu\"",
                "/checkpoints/timm_nano | model_args | surprise | 7",
                "/checkpoints/timm_nano | pretrained_cfg | crop_mode | \"border\"",
                "/checkpoints/timm_nano | pretrained_cfg | label_offset | 1",
                "/checkpoints/timm_nano | pretrained_cfg | surprise | \"x\"",
                "/reports/hf_preprocessor | preprocessor_config.json | do_resize | false",
                "/reports/hf_preprocessor | preprocessor_config.json | do_center_crop | false",
                "/reports/hf_preprocessor | preprocessor_config.json | resample | 0",
                "/reports/hf_preprocessor | preprocessor_config.json | do_pad | true",
                "/reports/hf_preprocessor | preprocessor_config.json | size | {\"longest_edge\": 64}",
                "/reports/hf_preprocessor | preprocessor_config.json | crop_size | {\"height\": 65, \"width\": 65}",
                "/reports/hf_preprocessor | preprocessor_config.json | image_processor_type | \"MineImageProcessor\"",
                "/reports/hf_preprocessor | preprocessor_config.json | rescale_factor | -1",
                "/reports/hf_preprocessor | preprocessor_config.json | surprise | 1",
            })
    void aSettingThatIsNotSupportedIsRefusedByFileAndName(String source, String place, String name, String value)
            throws IOException {
        copy(TestFiles.resource(source));
        change(place, name, value);
        assertThatThrownBy(() -> {
                    try (Checkpoint checkpoint = Checkpoint.open(directory)) {
                        checkpoint.preprocessHints();
                    }
                })
                .isInstanceOf(HieraException.class)
                .hasMessageStartingWith(directory
                        .resolve(place.endsWith(".json") ? place : "config.json")
                        .toString())
                .hasMessageContaining(name);
    }

    @Test
    void anUnsupportedSettingIsOfTheTypeThatProgramsTellApart() throws IOException {
        copy(TestFiles.resource("/checkpoints/hf_nano"));
        change("config.json", "hidden_act", "\"relu\"");
        assertThatThrownBy(() -> Checkpoint.open(directory))
                .isInstanceOf(UnsupportedException.class)
                .hasMessageEndingWith(
                        "hidden_act is \"relu\", which changes results and is not supported: expected gelu or"
                                + " gelu_python");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/checkpoints/hf_nano | config.json | torch_dtype | \"float16\"",
                "/checkpoints/hf_nano | config.json | _name_or_path | \"x\"",
                "/checkpoints/hf_nano | config.json | problem_type | null",
                "/checkpoints/hf_nano | config.json | mask_ratio | 0.9",
                "/checkpoints/hf_nano | config.json | pruned_heads | {}",
                "/checkpoints/hub_official_nano | config.json | license | \"x\"",
                "/checkpoints/timm_nano | pretrained_cfg | url | \"https://example.org\"",
                "/checkpoints/timm_nano | model_args | weight_init | \"x\"",
                "/reports/hf_preprocessor | preprocessor_config.json | do_convert_rgb | true",
            })
    void aSettingWithoutEffectIsLeftAside(String source, String place, String name, String value) throws IOException {
        copy(TestFiles.resource(source));
        String before = outcome();
        change(place, name, value);
        assertThat(outcome()).isEqualTo(before);
    }

    @Test
    void timmsOlderFilesHavePreparationAtTheTop() throws IOException {
        copy(TestFiles.resource("/checkpoints/timm_nano"));
        Path file = directory.resolve("config.json");
        ObjectNode root = (ObjectNode) Json.readObject(file);
        String before = outcome();
        JsonNode pretrained = root.remove("pretrained_cfg");
        root.setAll((ObjectNode) pretrained);
        Files.writeString(file, root.toString());
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertThat(checkpoint.preprocessHints().orElseThrow().cropPct()).isEqualTo(0.9);
        }
        assertThat(outcome()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"image_processor_type\": \"ViTImageProcessor\", \"size\": {\"height\": 64, \"width\": 64}}",
                "{\"feature_extractor_type\": \"ViTFeatureExtractor\", \"size\": 64}",
                "{\"image_processor_type\": \"ViTImageProcessorFast\", \"size\": 64, \"do_center_crop\": false}"
            })
    void aVitProcessorSqueezesPicturesToTheModelsSize(String config) throws IOException {
        copy(TestFiles.resource("/reports/hf_preprocessor"));
        Files.writeString(directory.resolve("preprocessor_config.json"), config);
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            PreprocessHints hints = checkpoint.preprocessHints().orElseThrow();
            assertThat(hints.cropOrder()).isEqualTo(PreprocessHints.CropOrder.SQUASH_THEN_CROP);
            assertThat(hints.cropPct()).isEqualTo(1);
            assertThat(hints.interpolation()).isEqualTo("bilinear");
            assertThat(hints.mean()).isEqualTo(List.of(0.5, 0.5, 0.5));
        }
    }

    @Test
    void aShareLeadsBackToTheSideThatTheFileNames() throws IOException {
        copy(TestFiles.resource("/reports/hf_preprocessor"));
        for (int side = 64; side < 400; side += 11) {
            change("preprocessor_config.json", "crop_pct", "null");
            change("preprocessor_config.json", "size", "{\"shortest_edge\": " + side + "}");
            try (Checkpoint checkpoint = Checkpoint.open(directory)) {
                double share = checkpoint.preprocessHints().orElseThrow().cropPct();
                assertThat((int) Math.floor(64 / share)).isEqualTo(side);
            }
        }
    }

    private void change(String place, String name, String json) throws IOException {
        boolean nested = !place.endsWith(".json");
        Path file = directory.resolve(nested ? "config.json" : place);
        ObjectNode root = (ObjectNode) Json.readObject(file);
        ObjectNode object = nested ? (ObjectNode) root.get(place) : root;
        object.set(name, Json.MAPPER.readTree(json));
        Files.writeString(file, root.toString());
    }

    private void copy(Path from) throws IOException {
        try (Stream<Path> old = Files.list(directory)) {
            for (Path file : old.toList()) {
                Files.delete(file);
            }
        }
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Path copy = directory.resolve(
                        Objects.requireNonNull(file.getFileName()).toString());
                Files.copy(file, copy);
                copy.toFile().setWritable(true);
            }
        }
    }
}
