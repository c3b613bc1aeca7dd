"""What a page can reach: settings, database, files, clock, chance, templates, password hashing."""

from collections.abc import Callable
from typing import Any

import msgspec

from contest.infra.chance import Chance
from contest.infra.clock import Clock
from contest.infra.database import Database
from contest.infra.passwords import Passwords
from contest.infra.printer import Printer
from contest.infra.storage import Storage
from contest.settings import Settings
from contest.web.assets import Assets
from contest.web.context import AnyRequest
from contest.web.templating import Templates


class EditionInShell(msgspec.Struct, frozen=True):
    """
    What every page says of the edition that is on: its title, who organises it, how to reach them;
    "" where the rule document names no way.
    """

    slug: str
    title: dict[str, str]
    organiser: dict[str, str] = {}
    email: str = ""
    phone: str = ""


class Site(msgspec.Struct, kw_only=True):
    """Made once by app.py, found by handlers through `site_of`."""

    settings: Settings
    database: Database
    clock: Clock
    chance: Chance
    passwords: Passwords
    storage: Storage
    printer: Printer
    assets: Assets
    templates: Templates
    edition_in_shell: Callable[[], EditionInShell | None]
    # What remembers sessions belongs to `people`, which this room does not know.
    sessions: Any


def site_of(request: AnyRequest) -> Site:
    found: Site = request.app.state.site
    return found
