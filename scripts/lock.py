"""Pin every package with its hashes: `make lock`; see that nobody forgot to: `make check`.

requirements/run.txt is what the server needs, requirements/dev.txt adds the tools of
developers. Both name versions and SHA-256 hashes for every platform and no package index: each
machine fetches from wherever its own pip is told to. The first lines carry a digest of what
pyproject.toml asked for, so that the check needs no network.

    python scripts/lock.py            keep pinned versions where they still fit
    python scripts/lock.py --upgrade  take the newest that fit
    python scripts/lock.py --check    exit 1 with a sentence when the pins are stale
"""

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {"run": ROOT / "requirements" / "run.txt", "dev": ROOT / "requirements" / "dev.txt"}
DIGEST = "# pyproject: sha256:"
OLDEST_PYTHON = "3.11"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare only, without network")
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions that fit")
    options = parser.parse_args()
    if options.check:
        faults = find_faults()
        for fault in faults:
            print(f"lock: {fault}", file=sys.stderr)
        if faults:
            return 1
        print("lock: requirements/ agrees with pyproject.toml")
        return 0
    write_locks(upgrade=options.upgrade)
    return 0


def wanted() -> dict[str, list[str]]:
    """What pyproject.toml asks for, by lock: {"run": [...], "dev": [... run's too]}."""
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    run = list(project["project"]["dependencies"])
    return {"run": run, "dev": run + list(project["dependency-groups"]["dev"])}


def digest_of(requirements: list[str]) -> str:
    asked = {"python": OLDEST_PYTHON, "requirements": sorted(requirements)}
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


def write_locks(*, upgrade: bool) -> None:
    # A developer's own settings must not leak into pins that everybody installs.
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("UV_")}
    for kind, lock in LOCKS.items():
        command = [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml"]
        if kind == "dev":
            # One version of everything: the tools bend to what the server runs on.
            command += ["--group", "dev", "--constraint", "requirements/run.txt"]
        command += ["--universal", "--python-version", OLDEST_PYTHON, "--generate-hashes"]
        command += ["--no-emit-index-url", "--no-annotate", "--no-header", "--no-config"]
        command += ["--quiet", "--output-file", str(lock.relative_to(ROOT))]
        if upgrade:
            command.append("--upgrade")
        subprocess.run(command, cwd=ROOT, env=surroundings, check=True)
        head = [
            f"# Made by `make lock` from pyproject.toml; install with: pip install "
            f"--require-hashes -r requirements/{lock.name}",
            f"{DIGEST}{digest_of(wanted()[kind])}",
        ]
        lock.write_text("\n".join(head) + "\n" + lock.read_text("utf-8"), encoding="utf-8")
        print(f"lock: requirements/{lock.name}: {len(pins_of(lock.read_text('utf-8')))} packages")


def find_faults() -> list[str]:
    faults: list[str] = []
    pinned: dict[str, dict[str, str]] = {}
    for kind, lock in LOCKS.items():
        name = f"requirements/{lock.name}"
        if not lock.is_file():
            faults.append(f"{name} is missing: run `make lock`")
            continue
        text = lock.read_text("utf-8")
        pins = pinned[kind] = pins_of(text)
        if f"{DIGEST}{digest_of(wanted()[kind])}" not in text.splitlines():
            faults.append(f"{name} was made from another pyproject.toml: run `make lock`")
        if re.search(r"https?://|--(extra-)?index-url|--find-links", text):
            faults.append(f"{name} names a place to download from; it must name hashes only")
        blocks = [block for block in re.split(r"\n(?=[a-zA-Z0-9])", text) if "==" in block]
        faults += [
            f"{name} has no hash for {block.split()[0]}"
            for block in blocks
            if "--hash=sha256:" not in block
        ]
        for line in wanted()[kind]:
            need = Requirement(line)
            version = pins.get(canonicalize_name(need.name))
            if version is None:
                faults.append(f"{name} has no {need.name}: run `make lock`")
            elif not need.specifier.contains(version, prereleases=True):
                faults.append(f"{name} has {need.name} {version}, asked for is {need.specifier}")
    for package, version in pinned.get("run", {}).items():
        other = pinned.get("dev", {}).get(package)
        if other != version:
            faults.append(f"{package} is {version} in run.txt and {other} in dev.txt")
    return faults


def pins_of(text: str) -> dict[str, str]:
    """Canonical name → version of every pinned package."""
    pins: dict[str, str] = {}
    for line in text.splitlines():
        found = re.match(r"([A-Za-z0-9._-]+)(?:\[[^]]*])?==([^\s;\\]+)(?:\s*;\s*([^\\]+))?", line)
        if found:
            if found[3]:
                Marker(found[3])
            pins[canonicalize_name(found[1])] = found[2]
    return pins


if __name__ == "__main__":
    sys.exit(main())
