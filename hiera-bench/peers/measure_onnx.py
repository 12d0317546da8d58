"""Measures one runtime for ONNX files and prints one JSON line, in the format of `hiera benchmark --json`.

    ./hiera export formula:hiera_base_224 base.onnx
    python3 measure_onnx.py --file base.onnx --model hiera_base_224 --batch 8 --engine ort --threads 2

Engines: ort (ONNX Runtime, float32), ort-int8 (the same with its dynamic quantisation), openvino (float32 or bfloat16, tuned for latency).
Exit status 3: the engine is not available.
"""

import argparse
import os
import sys

import numpy as np

import peer_timing

TYPES = {"ort": ["float32"], "ort-int8": ["int8"], "openvino": ["float32", "bfloat16"]}  # the first is the default


def pixels(model, batch):
    shape = (batch, 3, 16, 224, 224) if model.endswith("_16x224") else (batch, 3, 224, 224)
    return np.random.default_rng(1).standard_normal(shape, dtype=np.float32)


def onnx_runtime(options):
    import onnxruntime

    path = options.file
    if options.engine == "ort-int8":
        from onnxruntime.quantization import quantize_dynamic

        path = options.file.removesuffix(".onnx") + ".dynamic-int8.onnx"
        if not os.path.exists(path):
            quantize_dynamic(options.file, path + ".part")
            os.replace(path + ".part", path)
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = options.threads
    session = onnxruntime.InferenceSession(path, settings, providers=["CPUExecutionProvider"])
    feeds = {session.get_inputs()[0].name: pixels(options.model, options.batch)}
    outputs = [session.get_outputs()[0].name]
    return lambda: session.run(outputs, feeds), f"{options.engine} (ONNX Runtime {onnxruntime.__version__})"


def openvino(options):
    import openvino

    core = openvino.Core()
    model = core.read_model(options.file)
    sample = pixels(options.model, options.batch)
    model.reshape({model.input(0): sample.shape})
    precision = {"float32": "f32", "bfloat16": "bf16"}[options.dtype]
    settings = {"INFERENCE_PRECISION_HINT": precision, "PERFORMANCE_HINT": "LATENCY"}
    if options.threads:
        settings["INFERENCE_NUM_THREADS"] = options.threads
    compiled = core.compile_model(model, "CPU", settings)
    used = compiled.get_property("INFERENCE_PRECISION_HINT").get_type_name()
    if used != precision:
        raise ValueError(f"computes in {used} instead of {options.dtype} on this processor")
    request = compiled.create_infer_request()
    return lambda: request.infer([sample]), f"openvino (OpenVINO {openvino.__version__.split('-')[0]})"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    peer_timing.add_options(parser)
    parser.add_argument("--file", required=True, help="the model as ONNX, from hiera export")
    parser.add_argument("--engine", default="ort", choices=["ort", "ort-int8", "openvino"])
    parser.add_argument("--dtype", choices=["float32", "bfloat16", "int8"], help="element type (default: the first one of the engine)")
    options = parser.parse_args()
    options.dtype = options.dtype or TYPES[options.engine][0]
    if options.dtype not in TYPES[options.engine]:
        parser.error(f"{options.engine} computes in {' or '.join(TYPES[options.engine])}, not in {options.dtype}")
    try:
        run, name = openvino(options) if options.engine == "openvino" else onnx_runtime(options)
        peer_timing.report(run, options, name, options.dtype, options.threads)
    except (ImportError, RuntimeError, ValueError) as fault:
        print(f"{options.engine}: not available here: {fault}", file=sys.stderr)
        sys.exit(3)


if __name__ == "__main__":
    main()
