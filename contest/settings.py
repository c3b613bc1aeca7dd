"""Settings, read once from SANCHOI_* at the start and passed on; never read at import.

Each wrong value stops the start with one sentence that says what is allowed.
`docs/operations.md` names every setting; a test compares.
"""

import os
import secrets
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

TRUE_WORDS = {"1", "true", "yes", "on"}
FALSE_WORDS = {"0", "false", "no", "off", ""}

NAMES = (
    "SANCHOI_PORT",
    "SANCHOI_HOST",
    "SANCHOI_DATA_DIR",
    "SANCHOI_DATABASE_URL",
    "SANCHOI_STORAGE_URL",
    "SANCHOI_SECRET_KEY",
    "SANCHOI_DEMO",
    "SANCHOI_BANK_DIR",
    "SANCHOI_SMTP_URL",
    "SANCHOI_PUBLIC_URL",
    "SANCHOI_TRUSTED_PROXIES",
)


class WrongSetting(Exception):
    """One sentence for the person who starts the server."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    port: int
    host: str
    data_dir: Path
    database_url: str
    storage_url: str
    secret_key: bytes
    demo: bool
    bank_dir: Path | None
    smtp_url: str | None
    public_url: str
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...]

    @property
    def https(self) -> bool:
        """Whether people reach us over HTTPS: decides the cookies' names and their Secure mark."""
        return self.public_url.startswith("https://")

    @property
    def on_loopback(self) -> bool:
        return self.host in {"127.0.0.1", "::1", "localhost"}


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from `environ` (the process's own by default).

    Makes the data folder and, when no key is given, a secret key in it.
    Raises WrongSetting with one sentence.
    """
    env = dict(os.environ if environ is None else environ)
    for name in env:
        if name.startswith("SANCHOI_") and name not in NAMES:
            raise WrongSetting(
                f"{name} is not a setting of Sân Chơi; known are: {', '.join(NAMES)}."
            )
    host = env.get("SANCHOI_HOST", "").strip() or "127.0.0.1"
    port = _port(env.get("SANCHOI_PORT", "").strip() or "8000")
    data_dir = _data_dir(env.get("SANCHOI_DATA_DIR", "").strip() or "var")
    database_url = env.get("SANCHOI_DATABASE_URL", "").strip() or f"sqlite:///{data_dir}/contest.db"
    return Settings(
        port=port,
        host=host,
        data_dir=data_dir,
        database_url=_database_url(database_url),
        storage_url=_storage_url(env.get("SANCHOI_STORAGE_URL", "").strip(), data_dir),
        secret_key=_secret_key(env.get("SANCHOI_SECRET_KEY", "").strip(), data_dir),
        demo=_switch("SANCHOI_DEMO", env.get("SANCHOI_DEMO"), default=True),
        bank_dir=_bank_dir(env.get("SANCHOI_BANK_DIR", "").strip()),
        smtp_url=_smtp_url(env.get("SANCHOI_SMTP_URL", "").strip()),
        public_url=_public_url(env.get("SANCHOI_PUBLIC_URL", "").strip(), host, port),
        trusted_proxies=_networks(env.get("SANCHOI_TRUSTED_PROXIES", "").strip()),
    )


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise WrongSetting(f"SANCHOI_PORT must be a whole number from 1 to 65535, not {text!r}.")
    return int(text)


def _switch(name: str, text: str | None, *, default: bool) -> bool:
    if text is None:
        return default
    word = text.strip().lower()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise WrongSetting(f"{name} must be 1 or 0 (also true/false, yes/no, on/off), not {text!r}.")


def _data_dir(text: str) -> Path:
    folder = Path(text).expanduser().absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe-{secrets.token_hex(4)}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise WrongSetting(
            f"SANCHOI_DATA_DIR: the folder {folder} cannot be written ({error.strerror}); "
            "name a folder that this user may write."
        ) from error
    return folder


def _database_url(text: str) -> str:
    if text.startswith("sqlite:///"):
        return text
    if text.startswith(("postgresql://", "postgres://")):
        return "postgresql+psycopg://" + text.split("://", 1)[1]
    if text.startswith("postgresql+psycopg://"):
        return text
    raise WrongSetting(
        "SANCHOI_DATABASE_URL must begin with sqlite:/// or postgresql://; "
        "leave it out for an SQLite file in the data folder."
    )


def _storage_url(text: str, data_dir: Path) -> str:
    if not text:
        return f"file://{data_dir}/files"
    if text.startswith(("s3://", "file:///")):
        return text
    raise WrongSetting(
        "SANCHOI_STORAGE_URL must begin with s3:// or file:///; leave it out for the data folder."
    )


def _secret_key(text: str, data_dir: Path) -> bytes:
    if text:
        if len(text) < 32:
            raise WrongSetting("SANCHOI_SECRET_KEY must have at least 32 characters.")
        return text.encode()
    kept = data_dir / "secret-key"
    try:
        descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        found = kept.read_text().strip()
        if len(found) < 32:
            raise WrongSetting(
                f"The secret key in {kept} is too short; restore it from your backup, "
                "or remove the file to make a new one (open pages must then be reloaded)."
            ) from None
        return found.encode()
    made = secrets.token_hex(32)
    with os.fdopen(descriptor, "w") as file:
        file.write(made + "\n")
    return made.encode()


def _bank_dir(text: str) -> Path | None:
    if not text:
        return None
    folder = Path(text).expanduser().absolute()
    if not folder.is_dir():
        raise WrongSetting(f"SANCHOI_BANK_DIR: {folder} is not a folder.")
    return folder


def _smtp_url(text: str) -> str | None:
    if not text:
        return None
    parts = urlsplit(text)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise WrongSetting(
            "SANCHOI_SMTP_URL must look like smtp://user:password@host:587 or smtps://host:465."
        )
    return text


def _public_url(text: str, host: str, port: int) -> str:
    if not text:
        shown = "localhost" if host in {"0.0.0.0", "::", "127.0.0.1", "::1"} else host
        return f"http://{shown}:{port}"
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"}:
        raise WrongSetting(
            "SANCHOI_PUBLIC_URL must look like https://contest.example.vn, without a path."
        )
    return text.rstrip("/")


def _networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(part.strip(), strict=False) for part in text.split(",") if part)
    except ValueError as error:
        raise WrongSetting(
            "SANCHOI_TRUSTED_PROXIES must be addresses or networks with commas between, "
            f"like 127.0.0.1,10.0.0.0/8 ({error})."
        ) from error
