"""Measures one PyTorch contender and prints one JSON line, in the format of `hiera benchmark --json`.

    python3 measure_peer.py --model hiera_base_224 --batch 8 --dtype bfloat16 --engine eager --threads 2

With --train, whole training steps are measured: forward, backward and AdamW; engines eager and timm under autocast, cast with parameters of the
type itself (where autocast fails, as in PyTorch 1.13).

Engines: eager (hiera_eager.py), compile (the same under torch.compile with frozen weights, PyTorch 2 and later), jit (the same traced, frozen and
optimised), timm and timm-compile (timm's model, where timm is installed). Exit status 3: the engine is not available here.
"""

import argparse
import json
import sys
import time

import torch

import hiera_eager
import hiera_mae_eager


def load(options):
    if options.engine.startswith("timm"):
        import timm

        return timm.create_model(options.model, pretrained=False).eval()
    return hiera_eager.build(options.model)


def prepare(model, options, sample):
    if options.engine.endswith("compile"):
        from torch._inductor import config

        config.freezing = True
        return torch.compile(model)
    if options.engine == "jit":
        return torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(model, sample)))
    return model


def training_step(options, dtype):
    """One step as PyTorch's users write it: float32 parameters, autocast, AdamW (fused where it exists)."""
    pixels = hiera_eager.pixels(options.model.removeprefix("mae_"), options.batch)
    if options.model.startswith("mae_"):
        model = hiera_mae_eager.build(options.model)
        visible = hiera_mae_eager.visible_units(options.batch)
        loss_of = lambda: model(pixels, visible)
    else:
        model = load(options)
        labels = torch.arange(options.batch) % 1000
        loss_of = lambda: torch.nn.functional.cross_entropy(model(pixels), labels)
    cast = options.engine == "cast"
    model.train()
    if cast:
        model.to(dtype)
        pixels = pixels.to(dtype)
    try:
        optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, fused=True)
    except (TypeError, RuntimeError):  # PyTorch before 2.4 has no fused AdamW for processors
        optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)

    def step():
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=not cast and dtype == torch.bfloat16):
            loss = loss_of()
        loss.backward()
        optimizer.step()

    return step


def inference_run(options, dtype):
    sample = hiera_eager.pixels(options.model, options.batch).to(dtype)
    model = prepare(load(options).to(dtype), options, sample)
    return lambda: model(sample)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="hiera_base_224")
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--dtype", default="float32", choices=["float32", "bfloat16"])
    parser.add_argument("--engine", default="eager")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--train", action="store_true", help="measure training steps")
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--check", metavar="GOLDEN", help="compare the scores with a golden file and exit")
    options = parser.parse_args()

    if options.check:
        module = hiera_mae_eager if options.model.startswith("mae_") else hiera_eager
        error = module.check(options.model, options.check)
        print(f"{options.model}: relative error {error:.1e}")
        sys.exit(0 if error < 5e-6 else 1)
    if options.threads:
        torch.set_num_threads(options.threads)
    dtype = getattr(torch, options.dtype)
    quiet = torch.inference_mode(not options.train and options.engine != "jit")
    try:
        with quiet, torch.set_grad_enabled(options.train):
            run = training_step(options, dtype) if options.train else inference_run(options, dtype)
            for _ in range(2):
                run()
            times = []
            deadline = time.perf_counter() + options.seconds
            fewest = 3 if options.train else 5
            while len(times) < fewest or (time.perf_counter() < deadline and len(times) < 100):
                start = time.perf_counter()
                run()
                times.append((time.perf_counter() - start) * 1e3)
    except (ImportError, AttributeError, RuntimeError) as fault:
        print(f"{options.engine}: not available here: {fault}", file=sys.stderr)
        sys.exit(3)
    times.sort()
    median = times[len(times) // 2]
    print(json.dumps({
        "model": options.model,
        "backend": f"{options.engine}{' training step' if options.train else ''} (PyTorch {torch.__version__})",
        "dtype": options.dtype,
        "batch": options.batch,
        "threads": torch.get_num_threads(),
        "milliseconds": round(median, 2),
        "samplesPerSecond": round(options.batch * 1e3 / median, 3),
    }))


if __name__ == "__main__":
    main()
