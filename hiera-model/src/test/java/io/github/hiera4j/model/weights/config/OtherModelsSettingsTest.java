package io.github.hiera4j.model.weights.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.UnsupportedException;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.sam.checkpoint.Sam2Checkpoint;
import io.github.hiera4j.model.testing.TestFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Files of SAM 2, ViT and MViTv2, and processors' files: a setting that changes results is either supported or rejected by name. */
class OtherModelsSettingsTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    @TempDir
    Path directory;

    private void copy(String checkpoint) throws IOException {
        Path source = TestFiles.checkpoint(checkpoint);
        for (String name : List.of("config.json", "preprocessor_config.json", "model.safetensors")) {
            if (Files.exists(source.resolve(name))) {
                Files.copy(source.resolve(name), directory.resolve(name));
            }
        }
    }

    /** Sets a value at a path like {@code mask_decoder_config/hidden_act}. */
    private void set(String name, String path, String json) throws IOException {
        Path file = directory.resolve(name);
        ObjectNode root =
                (ObjectNode) (Files.exists(file) ? JSON.readTree(Files.readString(file)) : JSON.readTree("{}"));
        ObjectNode place = root;
        String[] parts = path.split("/");
        for (int i = 0; i < parts.length - 1; i++) {
            JsonNode inner = place.path(parts[i]);
            place = inner.isObject() ? (ObjectNode) inner : place.putObject(parts[i]);
        }
        place.set(parts[parts.length - 1], JSON.readTree(json));
        Files.writeString(file, JSON.writeValueAsString(root));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "config.json vision_config/backbone_config/hidden_act \"relu\"",
                "config.json vision_config/backbone_config/layer_norm_eps 1e-5",
                "config.json vision_config/backbone_config/query_stride [1,1]",
                "config.json vision_config/backbone_config/num_query_pool_stages 2",
                "config.json vision_config/backbone_config/rotary true",
                "config.json vision_config/fpn_kernel_size 3",
                "config.json vision_config/num_feature_levels 2",
                "config.json prompt_encoder_config/hidden_act \"relu\"",
                "config.json prompt_encoder_config/patch_size 8",
                "config.json mask_decoder_config/hidden_act \"relu\"",
                "config.json mask_decoder_config/layer_norm_eps 1e-3",
                "preprocessor_config.json image_mean [0.5,0.5,0.5]",
                "preprocessor_config.json image_std [0.5,0.5,0.5]",
                "preprocessor_config.json rescale_factor 1",
                "preprocessor_config.json size {\"height\":512,\"width\":512}",
                "preprocessor_config.json size {\"longest_edge\":256}",
                "preprocessor_config.json do_normalize false",
                "preprocessor_config.json resample 3",
                "preprocessor_config.json do_pad true",
                "processor_config.json image_processor/resample 3",
            })
    void aSettingOfSam2ThatChangesResultsIsRefusedByItsName(String file, String path, String value) throws IOException {
        copy("sam2_nano_hf");
        Sam2Checkpoint.open(directory).close();
        set(file, path, value);

        assertThatThrownBy(() -> Sam2Checkpoint.open(directory))
                .isInstanceOf(UnsupportedException.class)
                .hasMessageContaining(file)
                .hasMessageContaining(path.substring(path.lastIndexOf('/') + 1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "hf_vit problem_type \"regression\"",
                "hf_vit hidden_act \"quick_gelu\"",
                "hf_vit qkv_bias false",
                "hf_vit rotary true",
                "hf_vit_mae norm_pix_loss false",
                "timm_vit global_pool \"avg\"",
                "timm_vit global_pool \"max\"",
                "timm_vit_avg global_pool \"token\"",
                "timm_vit model_args/act_layer \"quick_gelu\"",
                "timm_vit model_args/pre_norm true",
                "timm_vit model_args/rotary true",
                "timm_vit pretrained_cfg/crop_mode \"border\"",
                "timm_vit pretrained_cfg/rotary true",
                "timm_vit rotary true",
            })
    void aSettingOfOtherModelsThatChangesResultsIsRefusedByItsName(String model, String path, String value)
            throws IOException {
        copy("baselines/" + model);
        Checkpoint.open(directory).close();
        set("config.json", path, value);

        assertThatThrownBy(() -> Checkpoint.open(directory))
                .isInstanceOf(UnsupportedException.class)
                .hasMessageContaining(path.substring(path.lastIndexOf('/') + 1));
    }

    @Test
    void theImageProcessorInsideAProcessorsFileComesFirstAsInTransformers() throws IOException {
        copy("hf_nano");
        set("preprocessor_config.json", "image_processor_type", "\"BitImageProcessor\"");
        set("preprocessor_config.json", "crop_size", "64");
        set("preprocessor_config.json", "size", "{\"shortest_edge\":64}");
        set("preprocessor_config.json", "resample", "3");
        assertThat(interpolation()).isEqualTo("bicubic");

        set("processor_config.json", "processor_class", "\"SomeProcessor\"");
        assertThat(interpolation()).isEqualTo("bicubic");

        set(
                "processor_config.json",
                "image_processor",
                Files.readString(directory.resolve("preprocessor_config.json")));
        set("processor_config.json", "image_processor/resample", "2");
        assertThat(interpolation()).isEqualTo("bilinear");

        set("processor_config.json", "image_processor/do_pad", "true");
        assertThatThrownBy(this::interpolation)
                .hasMessageContaining("processor_config.json")
                .hasMessageContaining("do_pad");
    }

    private String interpolation() {
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            return checkpoint.preprocessHints().orElseThrow().interpolation();
        }
    }
}
