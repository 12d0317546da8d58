package io.github.hiera4j.model.weights.config;

/** The settings of Hiera's configuration files, by tool. */
final class Settings {
    /** The settings that a hub adds to the {@code config.json} of any tool. */
    private static final String[] OF_HUBS = {
        "library_name",
        "license",
        "license_name",
        "license_link",
        "tags",
        "pipeline_tag",
        "model_name",
        "name",
        "description",
        "repo_url",
        "docs_url",
        "version"
    };

    /** Constructor arguments of the released encoder and autoencoder, and the settings that Hiera4j adds. */
    static final SettingRules OFFICIAL = new SettingRules()
            .honoured("input_size", "in_chans", "embed_dim", "num_heads", "num_classes", "stages", "q_pool", "q_stride")
            .honoured("mask_unit_size", "mask_unit_attn", "dim_mul", "head_mul", "patch_kernel", "patch_stride")
            .honoured(
                    "patch_padding", "mlp_ratio", "drop_path_rate", "head_dropout", "head_init_scale", "sep_pos_embed")
            .honoured("layer_norm_eps", "decoder_embed_dim", "decoder_depth", "decoder_num_heads", "global_pool")
            .honoured("abs_win_pos_embed", "global_pos_size", "init_values", "use_expand_proj", "final_norm")
            .honoured(AblationFields.RUNG, AblationFields.ZERO_PADDED, AblationFields.CLASS_TOKEN)
            .honoured(AblationFields.WIDENS_IN_ATTENTION, AblationFields.KEY_STRIDE)
            .honoured(AblationFields.FUSION, AblationFields.TARGET)
            .mustBe("norm_layer", "LayerNorm", "nn.LayerNorm", "torch.nn.LayerNorm")
            .mustBe("act_layer", "GELU", "gelu", "nn.GELU", "torch.nn.GELU")
            .mustBe("qkv_bias", "true")
            .mustBe("norm_pix_loss", "true")
            .irrelevant("mask_ratio") // the caller chooses masks
            .irrelevant(OF_HUBS);

    static final SettingRules TIMM = new SettingRules()
            .honoured("architecture", "num_classes", "global_pool", "model_args", "pretrained_cfg", "label_names")
            .irrelevant("num_features", "label_descriptions")
            .irrelevant(OF_HUBS);

    /** Constructor arguments of timm's Hiera, and those that its model builder takes. */
    static final SettingRules TIMM_ARGUMENTS = new SettingRules()
            .honoured(
                    "img_size",
                    "input_size",
                    "in_chans",
                    "embed_dim",
                    "num_heads",
                    "num_classes",
                    "global_pool",
                    "stages")
            .honoured(
                    "q_pool", "q_stride", "mask_unit_size", "mask_unit_attn", "use_expand_proj", "dim_mul", "head_mul")
            .honoured("patch_kernel", "patch_stride", "patch_padding", "mlp_ratio", "drop_path_rate", "init_values")
            .honoured("drop_rate", "head_init_scale", "sep_pos_embed", "abs_win_pos_embed", "global_pos_size")
            .mustBe("norm_layer", "LayerNorm", "layernorm")
            .mustBe("act_layer", "GELU", "gelu")
            .mustBe("qkv_bias", "true")
            .mustBe("features_only", "false")
            .mustBe("patch_drop_rate", "0", "0.0") // drops tokens during training; not supported
            .irrelevant("fix_init", "weight_init") // initial weights
            .irrelevant("pretrained", "pretrained_strict", "checkpoint_path", "cache_dir", "scriptable", "exportable")
            .irrelevant("no_jit", "device", "dtype", "out_indices");

    /** timm's {@code pretrained_cfg}: the origin of the weights, and how pictures are prepared. */
    static final SettingRules TIMM_PRETRAINED = new SettingRules()
            .honoured(
                    "input_size", "mean", "std", "interpolation", "crop_pct", "crop_mode", "num_classes", "label_names")
            .mustBe("label_offset", "0", "false")
            .irrelevant("url", "file", "state_dict", "hf_hub_id", "hf_hub_filename", "source", "architecture", "tag")
            .irrelevant("custom_load", "fixed_input_size", "min_input_size", "test_input_size", "test_crop_pct")
            .irrelevant("pool_size", "test_pool_size", "first_conv", "classifier", "origin_url", "paper_name")
            .irrelevant("paper_ids", "notes", "label_descriptions", "num_features", "global_pool", "model_args", "ema")
            .irrelevant(OF_HUBS);

    /** transformers' {@code HieraConfig}, including settings of its base class. */
    static final SettingRules TRANSFORMERS = transformersModel()
            .honoured(
                    "image_size", "num_channels", "embed_dim", "depths", "num_query_pool", "query_stride", "num_heads")
            .honoured("masked_unit_size", "masked_unit_attention", "embed_dim_multiplier", "patch_size", "patch_stride")
            .honoured("patch_padding", "mlp_ratio", "drop_path_rate", "layer_norm_eps", "num_classes", "num_labels")
            .honoured("decoder_hidden_size", "decoder_depth", "decoder_num_heads", "id2label", "model_type")
            .honoured("normalize_pixel_loss") // must be true for an autoencoder
            .irrelevant("hidden_size", "stage_names", "out_features", "out_indices")
            .irrelevant("layer_norm_init"); // initial weights

    /** transformers' {@code ViTConfig} and {@code ViTMAEConfig}. Widths and depths are those of the tensors. */
    static final SettingRules TRANSFORMERS_VIT = transformersModel()
            .honoured("image_size", "layer_norm_eps", "num_attention_heads", "decoder_num_attention_heads")
            .honoured("num_heads", "decoder_num_heads", "id2label", "label_names", "model_type")
            .mustBe("norm_pix_loss", "true")
            .irrelevant("hidden_size", "num_hidden_layers", "intermediate_size", "patch_size", "num_channels")
            .irrelevant("decoder_hidden_size", "decoder_num_hidden_layers", "decoder_intermediate_size")
            .irrelevant("num_classes", "num_labels", "out_features", "out_indices", "stage_names")
            .irrelevant("pooler_act", "pooler_output_size", "encoder_stride"); // parts that are ignored

    /** Arguments of timm's ViT and MViTv2. Widths and depths are those of the tensors. */
    static final SettingRules TIMM_OTHER_ARGUMENTS = new SettingRules()
            .honoured("img_size", "num_heads", "global_pool")
            .mustBe("act_layer", "GELU", "gelu")
            .mustBe("norm_layer", "LayerNorm", "layernorm")
            .mustBe("mlp_layer", "Mlp", "mlp")
            .mustBe("qkv_bias", "true")
            .mustBe("pos_embed", "learn")
            .mustBe("class_token", "true")
            .mustBe("no_embed_class", "false")
            .mustBe("pre_norm", "false")
            .mustBe("qk_norm", "false")
            .mustBe("reg_tokens", "0")
            .mustBe("features_only", "false")
            .mustBe("patch_drop_rate", "0", "0.0")
            .irrelevant(
                    "patch_size", "embed_dim", "embed_dims", "depth", "depths", "mlp_ratio", "num_classes", "in_chans")
            .irrelevant("expand_attn", "use_cls_token", "fc_norm", "drop_rate", "drop_path_rate", "proj_drop_rate")
            .irrelevant("pos_drop_rate", "attn_drop_rate", "strict_img_size", "dynamic_img_size", "dynamic_img_pad")
            .irrelevant("fix_init", "weight_init")
            .irrelevant("pretrained", "pretrained_strict", "checkpoint_path", "cache_dir", "scriptable", "exportable")
            .irrelevant("no_jit", "device", "dtype", "out_indices");

    /** transformers' {@code preprocessor_config.json}. */
    static final SettingRules PROCESSOR = new SettingRules()
            .honoured("image_processor_type", "feature_extractor_type", "size", "crop_size", "crop_pct", "resample")
            .honoured("do_resize", "do_center_crop", "do_rescale", "rescale_factor", "do_normalize", "image_mean")
            .honoured("image_std", "default_to_square")
            .mustBe("do_pad", "false")
            .mustBe("do_reduce_labels", "false")
            .irrelevant("do_convert_rgb") // pictures are always RGB here
            .irrelevant("data_format", "input_data_format", "return_tensors", "device", "disable_grouping", "use_fast")
            .irrelevant("processor_class", "name_or_path", "transformers_version", "dtype");

    /** {@code hiera4j.json}. */
    static final SettingRules SIDECAR = new SettingRules()
            .honoured("label_names", "input_size", "mean", "std", "crop_pct", "interpolation", "crop_order")
            .honoured("frame_stride", "test_clips", "test_crops");

    private Settings() {}

    /** Returns the settings that the {@code config.json} of any transformers model may have. */
    static SettingRules transformersModel() {
        return new SettingRules()
                .mustBe("hidden_act", "gelu", "gelu_python")
                .mustBe("qkv_bias", "true")
                .mustBe("problem_type", "single_label_classification") // others have no softmax
                .mustBe("pruned_heads", "{}")
                .mustBe("add_cross_attention", "false")
                .mustBe("is_decoder", "false")
                .mustBe("is_encoder_decoder", "false")
                .irrelevant("mask_ratio") // the caller chooses masks
                .irrelevant("label2id", "architectures")
                .irrelevant("initializer_range") // initial weights
                .irrelevant("hidden_dropout_prob", "attention_probs_dropout_prob") // training only
                .irrelevant("transformers_version", "dtype", "torch_dtype", "name_or_path", "attn_implementation")
                .irrelevant("output_hidden_states", "output_attentions", "return_dict", "torchscript", "use_bfloat16")
                .irrelevant("tie_word_embeddings", "tie_encoder_decoder", "chunk_size_feed_forward", "finetuning_task")
                .irrelevant(
                        "task_specific_params", "tokenizer_class", "prefix", "cross_attention_hidden_size", "use_cache")
                .irrelevant("bos_token_id", "pad_token_id", "eos_token_id", "sep_token_id", "decoder_start_token_id")
                .irrelevant("max_length", "min_length", "do_sample", "early_stopping", "num_beams", "num_beam_groups")
                .irrelevant("diversity_penalty", "temperature", "top_k", "top_p", "typical_p", "repetition_penalty")
                .irrelevant("length_penalty", "no_repeat_ngram_size", "encoder_no_repeat_ngram_size", "bad_words_ids")
                .irrelevant("num_return_sequences", "output_scores", "return_dict_in_generate", "forced_bos_token_id")
                .irrelevant("forced_eos_token_id", "remove_invalid_values", "exponential_decay_length_penalty")
                .irrelevant("suppress_tokens", "begin_suppress_tokens", "tf_legacy_loss")
                .irrelevant(OF_HUBS);
    }
}
