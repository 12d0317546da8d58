"""Opens a model that Hiera4j trained in PyTorch, under its official names, and computes its scores.

hiera convert RUN/model MODEL.pth
python open_in_pytorch.py MODEL.pth                       prints a summary
python open_in_pytorch.py MODEL.pth PIXELS SCORES         raw float32 [n, 3, 224, 224] in, raw float32 [n, classes] out

The network comes from hiera-bench/peers/hiera_eager.py, which is plain PyTorch without Hiera4j. The reference's own
package opens the file just as well: Hiera(...).load_state_dict(state).
"""

import sys
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "hiera-bench" / "peers"))
import hiera_eager  # noqa: E402


def build(state):
    """The image classifier whose width and depth the tensors have."""
    dim = state["patch_embed.proj.weight"].shape[0]
    depth = 1 + max(int(name.split(".")[1]) for name in state if name.startswith("blocks."))
    for known_dim, heads, stages in hiera_eager.VARIANTS.values():
        if (known_dim, sum(stages)) == (dim, depth):
            return hiera_eager.Hiera(dim, heads, stages, False, state["head.projection.weight"].shape[0])
    raise SystemExit(f"no published model is {dim} wide and {depth} blocks deep")


def main(model_file, pixels_file=None, scores_file=None):
    state = torch.load(model_file, map_location="cpu")["model_state"]
    print(f"{len(state)} tensors, {sum(tensor.numel() for tensor in state.values())} parameters")
    if pixels_file is None:
        return
    model = build(state)
    model.load_state_dict(state, strict=True)
    model.eval()
    pixels = torch.from_numpy(np.fromfile(pixels_file, dtype="<f4").reshape(-1, 3, 224, 224))
    with torch.no_grad():
        model(pixels).numpy().astype("<f4").tofile(scores_file)


if __name__ == "__main__":
    main(*sys.argv[1:])
