"""Where the files that are not Python lie: in a checkout's root, or inside the installed wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _root() -> Path:
    checkout = _PACKAGE.parent
    return checkout if (checkout / "templates" / "base.html").is_file() else _PACKAGE / "_data"


ROOT = _root()
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "static"
QUESTIONS = ROOT / "questions"
LOCALE = ROOT / "locale"
EDITIONS = ROOT / "editions"
UNITS = ROOT / "units"
MIGRATIONS = _PACKAGE / "migrations"
