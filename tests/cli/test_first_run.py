"""The first run, as its person meets it: a real process, real files, one clear sentence."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

# Each starts the program itself, some of them its server.
pytestmark = pytest.mark.pages

ROOT = Path(__file__).resolve().parents[2]


def environment(data_dir: Path, port: int = 0, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SANCHOI_")}
    return kept | {
        "SANCHOI_DATA_DIR": str(data_dir),
        "SANCHOI_PORT": str(port or free_port()),
        "PYTHONPATH": str(ROOT),
        **more,
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def contest(
    *arguments: str, env: dict[str, str], text: str = ""
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "contest", *arguments],
        env=env,
        input=text,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def empty_site(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str, dict[str, str]]]:
    """`serve` with SANCHOI_DEMO=0 in a folder with a space in its name."""
    env = environment(tmp_path / "du lieu", SANCHOI_DEMO="0")
    process = subprocess.Popen(
        [sys.executable, "-m", "contest", "serve"],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    url = f"http://127.0.0.1:{env['SANCHOI_PORT']}"
    for _ in range(300):
        try:
            if httpx.get(f"{url}/readyz", timeout=2).status_code == 200:
                break
        except httpx.HTTPError:
            time.sleep(0.1)
    yield process, url, env
    if process.poll() is None:
        process.kill()
    process.communicate()


def test_without_the_demo_it_starts_empty_and_ends_cleanly(
    empty_site: tuple[subprocess.Popen[str], str, dict[str, str]],
) -> None:
    process, url, env = empty_site
    home = httpx.get(url)
    assert home.status_code == 200
    assert "Luyện tập" in home.text
    assert httpx.get(f"{url}/the-le").status_code == 404
    assert not (Path(env["SANCHOI_DATA_DIR"]) / "demo-accounts.txt").exists()

    # The first account, beside the running server.
    made = contest(
        "people",
        "create-organiser",
        "--name",
        "Hoàng Vân Khánh",
        "--birth-date",
        "1975-12-01",
        "--password-stdin",
        env=env,
        text="bốn mùa cây lộc vừng thay lá\n",
    )
    assert made.returncode == 0, made.stderr
    assert "Sign-in code" in made.stdout

    process.send_signal(signal.SIGTERM)
    out, _err = process.communicate(timeout=20)
    assert process.returncode == 0
    assert url.replace("127.0.0.1", "localhost") in out


def test_a_taken_port_gets_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = contest("serve", env=environment(tmp_path, port, SANCHOI_DEMO="0"))

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert f"Port {port} is taken" in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SANCHOI_PORT", "eight", "SANCHOI_PORT must be a whole number"),
        ("SANCHOI_DATA_DIR", "/proc/nowhere", "cannot be written"),
        ("SANCHOI_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none", "cannot be opened"),
        ("SANCHOI_HOST", "203.0.113.9", "Cannot listen on 203.0.113.9"),
    ],
)
def test_a_wrong_setting_gets_one_sentence(
    tmp_path: Path, name: str, value: str, words: str
) -> None:
    done = contest("serve", env=environment(tmp_path, SANCHOI_DEMO="0") | {name: value})

    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1


def test_an_editions_file_is_checked_shown_applied_and_then_nothing(tmp_path: Path) -> None:
    env = environment(tmp_path)
    file = str(ROOT / "editions" / "demo.yaml")
    dry = contest("editions", "apply", "--dry-run", file, env=env)
    first = contest("editions", "apply", file, env=env)
    again = contest("editions", "apply", file, env=env)

    assert dry.returncode == first.returncode == again.returncode == 0
    assert "+ rules.attempt.minutes: 10" in dry.stdout
    assert "Applied as version 1." in first.stdout
    assert "pool has 0 of" in first.stderr
    assert "nothing to change" in again.stdout


def test_a_rule_that_cannot_be_executed_is_refused_with_its_reason(tmp_path: Path) -> None:
    text = (ROOT / "editions" / "demo.yaml").read_text(encoding="utf-8")
    file = tmp_path / "draw.yaml"
    file.write_text(text.replace("tie_across_edge: all-higher", "tie_across_edge: draw"))
    done = contest("editions", "apply", str(file), env=environment(tmp_path / "data"))

    assert done.returncode == 2
    assert "rules.prizes.tie_across_edge" in done.stderr
    assert "ledger" in done.stderr


def test_the_bank_is_checked_loaded_and_given_back_byte_for_byte(tmp_path: Path) -> None:
    env = environment(tmp_path)
    folder = ROOT / "questions" / "demo"
    assert contest("bank", "check", env=env).returncode == 0
    loaded = contest("bank", "load", str(folder), env=env)
    assert loaded.returncode == 0, loaded.stderr
    assert "96 new" in loaded.stdout
    assert "96 the same" in contest("bank", "load", str(folder), env=env).stdout

    back = subprocess.run(
        [sys.executable, "-m", "contest", "bank", "export", "demo-week-1", "week-1/safety.yaml"],
        env=env,
        capture_output=True,
        timeout=60,
        check=True,
    )
    assert back.stdout == (folder / "week-1" / "safety.yaml").read_bytes()


def test_a_citys_schools_are_loaded_from_a_file_and_its_faults_named(tmp_path: Path) -> None:
    env = environment(tmp_path / "data")
    good = ROOT / "units" / "schools.csv"
    loaded = contest("units", "load-schools", str(good), env=env)
    assert loaded.returncode == 0, loaded.stderr
    assert "0 new" in contest("units", "load-schools", str(good), env=env).stdout

    broken = tmp_path / "schools.csv"
    lines = good.read_text(encoding="utf-8").splitlines()
    broken.write_text("\n".join([lines[0], lines[1].replace(",", ";")]), encoding="utf-8")
    done = contest("units", "load-schools", str(broken), env=env)
    assert done.returncode == 2
    assert "schools.csv" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_broken_bank_file_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    good = (ROOT / "questions" / "practice" / "safety.yaml").read_text(encoding="utf-8")
    file.write_text(good.replace("level: basic", "level: easy", 1), encoding="utf-8")
    done = contest("bank", "check", str(file), env=environment(tmp_path / "data"))

    line = 1 + file.read_text(encoding="utf-8").split("level: easy")[0].count("\n")
    assert done.returncode == 1
    assert f"broken.yaml:{line}:" in done.stdout
