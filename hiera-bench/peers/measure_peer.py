"""Measures one PyTorch contender and prints one JSON line, in the format of `hiera benchmark --json`.

    python3 measure_peer.py --model hiera_base_224 --batch 8 --dtype bfloat16 --engine eager --threads 2

With --train, whole training steps are measured: forward, backward and AdamW; engines eager, timm and transformers with autocast, cast
with parameters of the type itself (if autocast fails, as in PyTorch 1.13). With --load N, the results are means, idle and with N busy
processes. With --device cuda, inputs and results are in host memory, as with `hiera benchmark`, and every run includes copying them;
with --pinned the inputs are in page-locked memory, which does not include copying them there.

Engines: eager (hiera_eager.py), compile (the same with torch.compile and frozen weights, PyTorch 2 and later), autotune (the same with
max-autotune), graphs (the same with reduce-overhead, which uses CUDA graphs), jit (traced, frozen and optimised), timm and timm-compile,
transformers. Exit status 3: the engine is not available.
"""

import argparse
import importlib.machinery
import sys
import types

import torch

import hiera_eager
import hiera_mae_eager
import peer_timing

MODES = {"compile": None, "timm-compile": None, "autotune": "max-autotune", "graphs": "reduce-overhead"}  # of torch.compile
ENGINES = ["eager", "compile", "autotune", "graphs", "jit", "timm", "timm-compile", "transformers", "cast"]


class Absent(types.ModuleType):
    """Replaces torchvision, which timm imports for its data pipelines; no model needs it."""

    __path__ = []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {"__getattr__": lambda self, key: None})


class AbsentFinder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.split(".")[0] == "torchvision":
            return importlib.machinery.ModuleSpec(name, AbsentFinder, is_package=True)
        return None

    @staticmethod
    def create_module(spec):
        return Absent(spec.name)

    @staticmethod
    def exec_module(module):
        module.__version__ = "0"


def import_timm():
    """Imports timm, even if torchvision is missing or cannot be imported because it was built for another PyTorch."""
    try:
        import torchvision  # noqa: F401
        from torchvision import transforms  # noqa: F401
    except (ImportError, RuntimeError, OSError):
        for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
            del sys.modules[name]
        sys.meta_path.insert(0, AbsentFinder)
    import timm

    return timm


def transformers_model(name):
    import transformers

    mae = name.startswith("mae_")
    dim, heads, stages = hiera_eager.VARIANTS[name.removeprefix("mae_").removesuffix("_224")]
    settings = dict(
        image_size=[224, 224], embed_dim=dim, depths=list(stages), num_heads=[heads << stage for stage in range(4)])
    if mae:
        return transformers.HieraForPreTraining(transformers.HieraConfig(
            **settings, num_query_pool=2, decoder_hidden_size=512, decoder_depth=8, decoder_num_heads=16))
    return transformers.HieraForImageClassification(transformers.HieraConfig(**settings, num_labels=1000))


def load(options):
    if options.engine.startswith("timm"):
        return import_timm().create_model(options.model, pretrained=False).eval()
    if options.engine == "transformers":
        return transformers_model(options.model).eval()
    return hiera_eager.build(options.model)


def prepare(model, options, sample):
    if options.engine in MODES:
        from torch._inductor import config

        config.freezing = True
        return torch.compile(model, mode=MODES[options.engine])
    if options.engine == "jit":
        return torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(model, sample)))
    return model


def training_loss(options):
    """Returns a model and a function that computes its loss from pixels."""
    device = options.device
    labels = (torch.arange(options.batch) % 1000).to(device)
    if options.engine == "transformers":
        model = transformers_model(options.model).to(device)
        if options.model.startswith("mae_"):
            return model, lambda pixels: model(pixels).loss
        return model, lambda pixels: torch.nn.functional.cross_entropy(model(pixels).logits, labels)
    if options.model.startswith("mae_"):
        model = hiera_mae_eager.build(options.model).to(device)
        visible = hiera_mae_eager.visible_units(options.batch).to(device)
        return model, lambda pixels: model(pixels, visible)
    model = load(options).to(device)
    return model, lambda pixels: torch.nn.functional.cross_entropy(model(pixels), labels)


def training_step(options, dtype):
    """Performs one step in the usual PyTorch style: float32 parameters, autocast, AdamW (fused if available)."""
    cast = options.engine == "cast"
    pixels = hiera_eager.pixels(options.model.removeprefix("mae_"), options.batch)
    if cast:
        pixels = pixels.to(dtype)
    if options.pinned:
        pixels = pixels.pin_memory()
    model, loss_of = training_loss(options)
    model.train()
    if cast:
        model.to(dtype)
    try:
        optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, fused=True)
    except (TypeError, RuntimeError):  # PyTorch before 2.4 has no fused AdamW for CPUs
        optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)

    def step():
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast(options.device, dtype=torch.bfloat16, enabled=not cast and dtype == torch.bfloat16):
            loss = loss_of(pixels.to(options.device))
        loss.backward()
        optimizer.step()
        if options.device != "cpu":
            loss.item()  # waits for the GPU

    return step


def inference_run(options, dtype):
    sample = hiera_eager.pixels(options.model, options.batch)
    if options.device == "cpu":
        sample = sample.to(dtype)
    if options.pinned:
        sample = sample.pin_memory()
    model = prepare(load(options).to(options.device, dtype), options, sample)

    def run():
        with torch.inference_mode(options.engine != "jit"):  # a setting of each calling thread
            if options.device == "cpu":
                return model(sample)
            return model(sample.to(options.device).to(dtype)).float().cpu()

    return run


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    peer_timing.add_options(parser)
    parser.add_argument("--dtype", default="float32", choices=["float32", "bfloat16", "float16"])
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--pinned", action="store_true", help="with --device cuda: inputs in page-locked memory")
    parser.add_argument("--engine", default="eager", choices=ENGINES)
    parser.add_argument("--train", action="store_true", help="measure training steps")
    parser.add_argument("--check", metavar="GOLDEN", help="compare the scores with a golden file and exit")
    return parser.parse_args()


def main():
    options = parse()
    if options.check:
        module = hiera_mae_eager if options.model.startswith("mae_") else hiera_eager
        error = module.check(options.model, options.check)
        print(f"{options.model}: relative error {error:.1e}")
        sys.exit(0 if error < 5e-6 else 1)
    if options.threads:
        torch.set_num_threads(options.threads)
    dtype = getattr(torch, options.dtype)
    quiet = torch.inference_mode(not options.train and options.engine != "jit")
    name = f"{options.engine}{' training step' if options.train else ''} (PyTorch {torch.__version__})"
    try:
        with quiet, torch.set_grad_enabled(options.train):
            run = training_step(options, dtype) if options.train else inference_run(options, dtype)
            fewest = 3 if options.train else 5
            peer_timing.report(run, options, name, options.dtype, torch.get_num_threads(), fewest)
    except (ImportError, AttributeError, KeyError, RuntimeError) as fault:
        print(f"{options.engine}: not available here: {fault}", file=sys.stderr)
        sys.exit(3)


if __name__ == "__main__":
    main()
