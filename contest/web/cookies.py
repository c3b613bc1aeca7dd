"""The few cookies: the session, a visitor's token for forms, the chosen language."""

from http.cookies import CookieError, SimpleCookie

SESSION = "sc_session"
VISITOR = "sc_visitor"
LANGUAGE = "sc_lang"

LANGUAGES = ("vi", "en")


def name_of(name: str, *, https: bool) -> str:
    """Over HTTPS the __Host- prefix keeps a neighbouring subdomain from planting the cookie."""
    return f"__Host-{name}" if https else name


def read_cookies(header: str) -> dict[str, str]:
    if not header:
        return {}
    cookies: dict[str, str] = {}
    for part in header.split(";"):
        name, found, value = part.strip().partition("=")
        if found:
            cookies.setdefault(name, value.strip('"'))
    return cookies


def cookie(name: str, value: str, *, https: bool, max_age: int | None = None) -> str:
    """A Set-Cookie header's value. `max_age` in seconds; None until the browser is closed."""
    jar: SimpleCookie = SimpleCookie()
    full = name_of(name, https=https)
    try:
        jar[full] = value
    except CookieError as error:  # pragma: no cover - names and values are ours
        raise ValueError(full) from error
    morsel = jar[full]
    morsel["path"] = "/"
    morsel["httponly"] = True
    morsel["samesite"] = "Lax"
    if https:
        morsel["secure"] = True
    if max_age is not None:
        morsel["max-age"] = str(max_age)
    return morsel.OutputString()
