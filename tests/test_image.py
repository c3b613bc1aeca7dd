"""The image and compose.yaml are as docs/operations.md says; scripts/replay-image runs them."""

import importlib.machinery
import importlib.util
import re
from types import ModuleType

import pytest
import yaml

from contest.paths import ROOT
from contest.settings import NAMES


@pytest.fixture(scope="module")
def replay() -> ModuleType:
    loader = importlib.machinery.SourceFileLoader(
        "replay_image", str(ROOT / "scripts/replay-image")
    )
    spec = importlib.util.spec_from_loader("replay_image", loader)
    assert spec is not None
    made = importlib.util.module_from_spec(spec)
    loader.exec_module(made)
    return made


def test_every_instruction_is_understood_and_every_source_is_sent(replay: ModuleType) -> None:
    context = replay.Context(ROOT)
    found = replay.instructions((ROOT / "Dockerfile").read_text())
    words = [word for word, _ in found]

    assert words.count("FROM") == 2
    assert {"HEALTHCHECK", "STOPSIGNAL", "CMD", "VOLUME"} <= set(words)
    for word, rest in found:
        if word == "COPY" and not rest.startswith("--from"):
            for source in rest.split()[:-1]:
                assert (ROOT / source).exists()
                assert source == "." or context.is_sent(source)


def test_it_does_not_run_as_root_and_the_demo_is_off(replay: ModuleType) -> None:
    found = replay.instructions((ROOT / "Dockerfile").read_text())

    users = [rest for word, rest in found if word == "USER"]
    assert users == ["sanchoi"]
    assert "SANCHOI_DEMO=0" in next(rest for word, rest in found if word == "ENV")


def test_neither_secrets_nor_data_nor_sealed_questions_are_sent(replay: ModuleType) -> None:
    context = replay.Context(ROOT)

    for sent in ("contest/app.py", "templates/base.html", "static/css/base.css", "pyproject.toml"):
        assert context.is_sent(sent)
    for kept in (".env", "var/contest.db", "var/secret-key", ".git/config", "tests/world.py",
                 "sealed/week-1.yaml", "contest/__pycache__/app.cpython-311.pyc"):  # fmt: skip
        assert not context.is_sent(kept)


def test_every_package_of_the_image_is_pinned_with_its_hashes() -> None:
    lines = (ROOT / "requirements/run.txt").read_text().splitlines()
    pinned = [line for line in lines if re.match(r"[a-z0-9]", line, re.IGNORECASE)]

    assert len(pinned) > 20
    assert all("==" in line for line in pinned)
    assert sum("--hash=sha256:" in line for line in lines) >= len(pinned)


def test_compose_keeps_every_container_of_ours_tight() -> None:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())
    services = compose["services"]

    assert set(services) == {"db", "app", "worker"}
    for name in ("app", "worker"):
        ours = services[name]
        assert ours["read_only"] is True
        assert ours["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in ours["security_opt"]
        assert ours["environment"]["SANCHOI_DEMO"] == "0"
        assert set(ours["environment"]) <= set(NAMES)
        assert ours["volumes"] == ["data:/data"]
    assert services["app"]["ports"] == ["127.0.0.1:8000:8000"]
    assert "ports" not in services["worker"]
    assert "ports" not in services["db"]


def test_what_compose_asks_for_stands_in_the_example(replay: ModuleType) -> None:
    text = (ROOT / "compose.yaml").read_text()
    wanted = set(re.findall(r"\$\{(\w+)", text))
    given = set(re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))

    assert wanted == given
