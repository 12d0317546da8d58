#!/usr/bin/env python3
"""Measures SAM 2 on Hiera4j and in transformers alternately, so that both see the same conditions, and prints a Markdown table.

    ./hiera models > /dev/null        # builds
    hiera-bench/peers/compare_sam2.py --python PYTHON --models sam2.1_hiera_tiny,sam2.1_hiera_base_plus --rounds 5

All contenders of a model are started and warmed up first. In every round each one embeds an image of 1024 x 1024 pixels once and
answers three prompts of one point. A figure is the median over rounds; a ratio is the median of the ratios within a round.
"""

import argparse
import os
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
CLI = HERE.parent.parent / "hiera-cli" / "target"


class Contender:
    def __init__(self, name, command):
        self.name = name
        self.embed, self.prompt = [], []
        environment = dict(os.environ, GOMP_SPINCOUNT="1000", MALLOC_ARENA_MAX="1")
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        for line in self.process.stdout:
            if line.strip() == "ready":
                return
        raise SystemExit(f"{name}: ended before it was ready")

    def measure(self, what):
        self.process.stdin.write(what + "\n")
        self.process.stdin.flush()
        getattr(self, what).append(float(self.process.stdout.readline()))

    def close(self):
        peak = Path(f"/proc/{self.process.pid}/status")
        lines = peak.read_text().splitlines() if peak.exists() else []
        kilobytes = [int(line.split()[1]) for line in lines if line.startswith("VmHWM")]
        self.process.stdin.close()
        self.process.wait()
        return kilobytes[0] / 1e6 if kilobytes else float("nan")


def java_command(options, model):
    class_path = options.class_path
    if not class_path:
        jars = [str(jar) for jar in CLI.glob("hiera-cli-*.jar") if "sources" not in jar.name and "javadoc" not in jar.name]
        class_path = ":".join(jars + [(CLI / "dependencies.txt").read_text().strip()])
    return ["java", "-Xmx2g", "-XX:+UseSerialGC", "-XX:MaxDirectMemorySize=2g", "-cp", class_path,
            "io.github.hiera4j.bench.Sam2Contender", model, "onednn"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", default="sam2.1_hiera_tiny")
    parser.add_argument("--peers", default="eager,compile")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--class-path", default="", help="class path of Hiera4j (default: that of the built command)")
    parser.add_argument("--python", default=sys.executable, help="the Python that has transformers")
    options = parser.parse_args()
    print("| model | contender | embedding ms | fastest | prompt ms | embedding / prompt | Hiera4j is faster by | peak GB |")
    print("|---|---|---|---|---|---|---|---|")
    for model in options.models.split(","):
        compare(options, model)


def compare(options, model):
    contenders = [Contender("Hiera4j onednn", java_command(options, model))]
    for mode in filter(None, options.peers.split(",")):
        peer = [options.python, str(HERE / "sam2_peer.py"), model, mode, str(options.threads)]
        contenders.append(Contender("transformers " + mode, peer))
    for _ in range(options.rounds):
        for what in ("embed", "prompt", "prompt", "prompt"):
            for contender in contenders:
                contender.measure(what)
    for contender in contenders:
        embed, prompt = statistics.median(contender.embed), statistics.median(contender.prompt)
        faster = statistics.median(other / own for own, other in zip(contenders[0].embed, contender.embed))
        print(f"| {model} | {contender.name} | {embed:.0f} | {min(contender.embed):.0f} | {prompt:.1f} | {embed / prompt:.0f} |"
              f" {faster:.2f} | {contender.close():.1f} |", flush=True)


if __name__ == "__main__":
    main()
