"""Opens a model that Hiera4j trained in PyTorch, under its official names.

python open_in_pytorch.py MODEL.pth      (written by: hiera convert RUN/model MODEL.pth)
"""
import sys

import torch

state = torch.load(sys.argv[1], map_location="cpu")["model_state"]
total = sum(tensor.numel() for tensor in state.values())
print(f"{len(state)} tensors, {total} parameters")
for name in ("patch_embed.proj.weight", "blocks.0.attn.qkv.weight"):
    print(name, tuple(state[name].shape), state[name].dtype)
assert all(torch.isfinite(tensor).all() for tensor in state.values())
# With the reference's package installed: Hiera(**the_config).load_state_dict(state)
