"""Settings: each wrong value stops the start with one sentence that says what is allowed."""

import os
import stat
from pathlib import Path

import pytest

from contest.settings import NAMES, WrongSetting, read_settings


def read(tmp_path: Path, **env: str) -> object:
    return read_settings({"SANCHOI_DATA_DIR": str(tmp_path / "var"), **env})


def test_everything_has_a_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = read_settings({})

    assert (settings.port, settings.host, settings.demo) == (8000, "127.0.0.1", True)
    assert settings.data_dir == tmp_path / "var"
    assert settings.database_url == f"sqlite:///{tmp_path}/var/contest.db"
    assert settings.public_url == "http://localhost:8000"
    assert not settings.https


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SANCHOI_PORT", "http", "whole number from 1 to 65535"),
        ("SANCHOI_PORT", "0", "whole number from 1 to 65535"),
        ("SANCHOI_PORT", "70000", "whole number from 1 to 65535"),
        ("SANCHOI_DEMO", "maybe", "must be 1 or 0"),
        ("SANCHOI_DATABASE_URL", "mysql://x", "sqlite:/// or postgresql://"),
        ("SANCHOI_STORAGE_URL", "ftp://x", "s3:// or file:///"),
        ("SANCHOI_SECRET_KEY", "short", "at least 32 characters"),
        ("SANCHOI_BANK_DIR", "/nowhere/at/all", "is not a folder"),
        ("SANCHOI_SMTP_URL", "mail.example.vn", "smtp://user:password@host:587"),
        ("SANCHOI_PUBLIC_URL", "contest.example.vn", "https://contest.example.vn"),
        ("SANCHOI_PUBLIC_URL", "https://a.vn/path", "without a path"),
        ("SANCHOI_TRUSTED_PROXIES", "proxy", "addresses or networks"),
        ("SANCHOI_PROT", "8000", "is not a setting"),
    ],
)
def test_a_wrong_value_gets_one_clear_sentence(
    tmp_path: Path, name: str, value: str, words: str
) -> None:
    with pytest.raises(WrongSetting) as refused:
        read(tmp_path, **{name: value})
    assert words in str(refused.value)
    assert name in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_data_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    file = tmp_path / "a-file"
    file.write_text("")
    with pytest.raises(WrongSetting, match="cannot be written"):
        read_settings({"SANCHOI_DATA_DIR": str(file / "below")})


def test_the_secret_key_is_made_once_and_for_the_owner_only(tmp_path: Path) -> None:
    first = read_settings({"SANCHOI_DATA_DIR": str(tmp_path)})
    again = read_settings({"SANCHOI_DATA_DIR": str(tmp_path)})

    assert first.secret_key == again.secret_key
    assert len(first.secret_key) >= 32
    assert stat.S_IMODE(os.stat(tmp_path / "secret-key").st_mode) == 0o600


def test_https_comes_from_the_public_address(tmp_path: Path) -> None:
    settings = read_settings(
        {"SANCHOI_DATA_DIR": str(tmp_path), "SANCHOI_PUBLIC_URL": "https://thi.example.vn/"}
    )
    assert settings.https
    assert settings.public_url == "https://thi.example.vn"


def test_names_are_all_there_is() -> None:
    assert len(set(NAMES)) == len(NAMES)
