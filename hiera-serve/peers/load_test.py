"""Measures `hiera serve` under load, alternating with a FastAPI and timm server (timm_server.py) on the same machine.

    python3 hiera-serve/peers/load_test.py --model hiera_base_224 --weights base/ --picture dog.jpg --peer-python venv/bin/python

Every client holds one connection and sends its next request when the answer to the last one has come. Prints one line for each server and
number of clients: answers a second, and how long they took. Only answers with status 200 count; others are listed. With --peer-python left
out, only `hiera serve` is measured. Needs nothing but Python for itself.
"""

import argparse
import http.client
import json
import shlex
import subprocess
import sys
import threading
import time
from collections import Counter
from multiprocessing import Process, SimpleQueue
from pathlib import Path

HERE = Path(__file__).resolve().parent


def client(port, path, body, end, taken, others):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    while time.perf_counter() < end:
        start = time.perf_counter()
        try:
            connection.request("POST", path, body, {"Content-Type": "application/octet-stream"})
            answer = connection.getresponse()
            answer.read()
            status = answer.status
        except (OSError, http.client.HTTPException) as failure:
            connection.close()
            status = type(failure).__name__
        if status == 200:
            taken.append(1000 * (time.perf_counter() - start))
        else:
            others.append(status)
            time.sleep(0.05)


def measure(port, path, body, clients, seconds, results):
    taken, others = [], []
    start = time.perf_counter()
    threads = [threading.Thread(target=client, args=(port, path, body, start + seconds, taken, others)) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results.put((taken, dict(Counter(others)), time.perf_counter() - start))


def load(port, path, body, clients, seconds):
    """Runs in a separate process, so that the clients do not share the interpreter lock with anything else."""
    results = SimpleQueue()
    process = Process(target=measure, args=(port, path, body, clients, seconds, results))
    process.start()
    taken, others, elapsed = results.get()
    process.join()
    taken.sort()

    def share(part):
        return taken[min(len(taken) - 1, int(part * len(taken)))] if taken else float("nan")

    return {
        "clients": clients,
        "requests_per_second": round(len(taken) / elapsed, 2),
        "p50_ms": round(share(0.50)),
        "p95_ms": round(share(0.95)),
        "p99_ms": round(share(0.99)),
        "answers": len(taken),
        "others": others,
    }


def until_ready(port, path, body, process, patience=180):
    end = time.perf_counter() + patience
    while time.perf_counter() < end:
        if process.poll() is not None:
            sys.exit(f"the server on port {port} has ended with status {process.returncode}")
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
            connection.request("POST", path, body)
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.3)
    sys.exit(f"the server on port {port} is not ready after {patience} s")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--model", default="hiera_base_224", help="timm's name of the model")
    arguments.add_argument("--weights", required=True, help="the weights for `hiera serve`")
    arguments.add_argument("--picture", type=Path, default=HERE.parent / "src/test/resources/media/portrait.png")
    arguments.add_argument("--hiera", default="./hiera", help="the command")
    arguments.add_argument("--options", default="", help="additional options for `hiera serve`")
    arguments.add_argument("--int8", action="store_true", help="also measure a `hiera serve --dtype int8`")
    arguments.add_argument("--peer-python", help="a Python interpreter with fastapi, uvicorn, timm and Pillow")
    arguments.add_argument("--clients", default="1,8,64")
    arguments.add_argument("--seconds", type=float, default=12)
    arguments.add_argument("--port", type=int, default=8130)
    arguments.add_argument("--metrics", action="store_true", help="at the end, show the batches of `hiera serve` and the times of its request stages")
    options = arguments.parse_args()
    body = options.picture.read_bytes()
    path = "/v1/classify"
    serve = [*shlex.split(options.hiera), "serve", "--weights", f"m={options.weights}", "--no-access-log", "--max-time", "60s",
             *shlex.split(options.options)]
    commands = {"hiera": [*serve, "--port", str(options.port)]}
    if options.peer_python:
        commands["timm"] = [options.peer_python, str(HERE / "timm_server.py"), options.model, str(options.port + 1)]
    if options.int8:
        commands["hiera int8"] = [*serve, "--port", str(options.port + len(commands)), "--dtype", "int8"]
    servers = {name: subprocess.Popen(command) for name, command in commands.items()}
    ports = {name: options.port + number for number, name in enumerate(commands)}
    try:
        for name, process in servers.items():
            until_ready(ports[name], path, body, process)
        for clients in map(int, options.clients.split(",")):
            for name in servers:
                load(ports[name], path, body, min(clients, 8), 2)  # warm-up
                print(json.dumps({"server": name, "model": options.model, **load(ports[name], path, body, clients, options.seconds)}), flush=True)
        if options.metrics:
            connection = http.client.HTTPConnection("127.0.0.1", options.port)
            connection.request("GET", "/metrics")
            for line in connection.getresponse().read().decode().splitlines():
                if line.startswith(("hiera_batch_views_", "hiera_batch_run_seconds_", "hiera_batch_wait_seconds_", "hiera_request_stage_seconds_sum")):
                    print(line)
    finally:
        for process in servers.values():
            process.terminate()
        for process in servers.values():
            process.wait()


if __name__ == "__main__":
    main()
