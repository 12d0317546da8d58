"""Divides the contenders of a group into parts that fit into memory at the same time."""

import json
import shlex
import subprocess

GB = 1e9
UNKNOWN = 50_000_000  # parameters of a model that `hiera models` does not list


def available():
    """Returns the bytes that are available, or None if the system does not tell."""
    try:
        with open("/proc/meminfo", encoding="ascii") as lines:
            return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")), None)
    except OSError:
        return None


def models(options):
    """Returns what `hiera models` says about each published model."""
    if not hasattr(options, "published"):
        try:
            listed = subprocess.run(shlex.split(options.hiera) + ["models", "--json"], capture_output=True, text=True, timeout=120)
            lines = [json.loads(line) for line in listed.stdout.splitlines() if line.startswith("{")]
        except (OSError, ValueError, subprocess.TimeoutExpired):
            lines = []
        options.published = {line["name"]: line for line in lines}
    return options.published


def needed(group, options):
    """Estimates the bytes of one contender: three times the weights in float32 and 1 GB; in training also the state and the activations."""
    model = models(options).get(group["model"], {})
    weights = 4 * model.get("parameters", UNKNOWN)
    if not group["train"]:
        return 3 * weights + GB
    return 6 * weights + GB + 0.025 * group["batch"] * model.get("multiplyAccumulates", 10e9)


def parts(group, first, options):
    """Returns lists of contenders to measure at the same time, each with the first one, if there is one."""
    contenders = group["contenders"]
    memory = options.memory * GB if options.memory else available()
    fit = int(memory // needed(group, options)) if memory else len(contenders)
    if fit >= len(contenders):
        return [contenders]
    always = [first] if first else []
    others = [contender for contender in contenders if contender != first]
    size = max(1, fit - len(always))
    return [always + others[start:start + size] for start in range(0, len(others), size)]
