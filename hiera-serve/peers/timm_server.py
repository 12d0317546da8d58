"""A typical classification server with FastAPI and timm, for comparison in load_test.py.

    python3 timm_server.py hiera_base_224 8001
"""

import io
import sys

import timm
import torch
import uvicorn
from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from PIL import Image
from timm.data import create_transform, resolve_model_data_config

model = timm.create_model(sys.argv[1], pretrained=False).eval()
transform = create_transform(**resolve_model_data_config(model), is_training=False)
app = FastAPI()


def classify(content):
    pixels = transform(Image.open(io.BytesIO(content)).convert("RGB"))[None]
    with torch.inference_mode():
        probabilities, classes = torch.topk(model(pixels).softmax(-1)[0], 5)
    return {"index": classes.tolist(), "probability": probabilities.tolist()}


@app.post("/v1/classify")
async def answer(request: Request):
    return await run_in_threadpool(classify, await request.body())


uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="warning")
