"""SAM 2 in transformers, eager or compiled, as a contender of compare_sam2.py: answers `embed` and `prompt` with milliseconds."""

import sys
import time

import torch
from transformers import Sam2Config, Sam2HieraDetConfig, Sam2Model, Sam2VisionConfig

TRUNKS = {
    "sam2.1_hiera_tiny": dict(width=96, heads=1, blocks=[1, 2, 7, 2], windows=[8, 4, 14, 7], everywhere=[5, 7, 9], grid=7),
    "sam2.1_hiera_base_plus": dict(width=112, heads=2, blocks=[2, 3, 16, 3], windows=[8, 4, 14, 7],
                                   everywhere=[12, 16, 20], grid=14),
}


def build(name):
    trunk = TRUNKS[name]
    widths = [trunk["width"] << stage for stage in range(4)]
    backbone = Sam2HieraDetConfig(
        hidden_size=trunk["width"], num_attention_heads=trunk["heads"], blocks_per_stage=trunk["blocks"],
        embed_dim_per_stage=widths, num_attention_heads_per_stage=[trunk["heads"] << stage for stage in range(4)],
        window_size_per_stage=trunk["windows"], global_attention_blocks=trunk["everywhere"],
        window_positional_embedding_background_size=[trunk["grid"]] * 2)
    vision = Sam2VisionConfig(backbone_config=backbone, backbone_channel_list=widths[::-1])
    return Sam2Model(Sam2Config(vision_config=vision)).eval()


def main():
    name, mode, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    torch.set_grad_enabled(False)
    model = build(name)
    pixels = torch.randn(1, 3, 1024, 1024)
    embed = model.get_image_embeddings
    if mode == "compile":
        import torch._inductor.config as inductor
        inductor.freezing = True
        embed = torch.compile(embed)
    features = embed(pixels)
    point, label = torch.tensor([[[[400.0, 300.0]]]]), torch.tensor([[[1]]])

    def prompt():
        return model(image_embeddings=features, input_points=point, input_labels=label, multimask_output=False)

    embed(pixels)
    prompt()
    print("ready", flush=True)
    for line in sys.stdin:
        start = time.perf_counter()
        embed(pixels) if line.strip() == "embed" else prompt()
        print((time.perf_counter() - start) * 1e3, flush=True)


if __name__ == "__main__":
    main()
