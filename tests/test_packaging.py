"""The tree works installed as a wheel too, started from a folder that is no checkout.

Needs no network: the wheel is built with the tools at hand, and its packages are borrowed from
the environment that runs the tests.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import sysconfig
import time
import tomllib
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60.0

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    run([*command, str(ROOT)], folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a new environment that has the wheel, in a path with a space."""
    home = tmp_path_factory.mktemp("installed") / "sân chơi"
    run([sys.executable, "-m", "venv", "--without-pip", str(home)], home.parent)
    python = home / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    run([*pip, "--disable-pip-version-check", "--no-deps", "--no-index", str(wheel)], home.parent)
    (packages,) = home.glob("lib/python*/site-packages")
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    return python


def test_the_wheel_carries_every_file_the_program_reads(wheel: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    carried = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    for folder, place in carried.items():
        expected = {
            f"{place}/{file.relative_to(ROOT / folder).as_posix()}"
            for file in (ROOT / folder).rglob("*")
            if file.is_file() and "__pycache__" not in file.parts
        }
        assert expected, f"{folder}/ is empty"
        assert expected <= inside, f"missing: {sorted(expected - inside)[:5]}"


def test_the_wheel_holds_nothing_but_the_program(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"contest"}


def test_an_installed_wheel_serves_the_home_page_and_its_static_files(
    installed: Path, tmp_path: Path
) -> None:
    with running_site(installed, tmp_path) as site:
        status, kind, page = fetch(site + "/")
        assert (status, kind) == (200, "text/html")
        found = re.search(r'<link[^>]+href="(/[^"]+\.css)"', page.decode())
        assert found, "the home page names no style sheet"
        status, kind, sheet = fetch(site + found[1])
        assert (status, kind) == (200, "text/css")
        assert sheet


def run(command: list[str], folder: Path) -> None:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"


@contextmanager
def running_site(python: Path, folder: Path) -> Iterator[str]:
    """The site's address while `python -m contest serve` runs in `folder`; ends it in the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("SANCHOI_", "PYTHON", "COV_"))
    }
    settings = {
        "SANCHOI_PORT": str(port),
        "SANCHOI_DATA_DIR": str(folder / "data"),
        "SANCHOI_DEMO": "0",
    }
    log = folder / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [str(python), "-m", "contest", "serve"],
            cwd=folder,
            env=kept | settings,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    site = f"http://127.0.0.1:{port}"
    try:
        wait_until_ready(site, server, log)
        yield site
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait(20)


def wait_until_ready(site: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    give_up_at = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up_at and server.poll() is None:
        try:
            if fetch(site + "/readyz")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the installed site does not start:\n{log.read_text('utf-8', 'replace')[-3000:]}")


def fetch(url: str) -> tuple[int, str, bytes]:
    """Status, media type and body. Answers of 400 and above raise HTTPError, an OSError."""
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.status, answer.headers.get_content_type(), answer.read()
