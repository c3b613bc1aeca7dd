"""The choice of language: of the pages in this browser and, signed in, of letters to the person."""

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from contest.people import commands, queries
from contest.people.asking import ask
from contest.web import cookies
from contest.web.context import AnyRequest, context_of
from contest.web.site import site_of
from contest.web.templating import redirect, safe_path

_YEAR_S = 365 * 24 * 3600


@get("/ngon-ngu/{lang:str}", opt={"action": "web.choose_language"})
async def choose_language(
    request: AnyRequest, lang: FromPath[str], next: FromQuery[str] = "/"
) -> Response[None]:
    """Keeps the chosen language in a cookie for a year and goes back to the page."""
    site, context = site_of(request), context_of(request)
    if lang in cookies.LANGUAGES:
        context.set_cookies.append(
            cookies.cookie(cookies.LANGUAGE, lang, https=site.settings.https, max_age=_YEAR_S)
        )
        account_id = context.actor.account_id
        if account_id is not None:
            kept = await ask(site.database, queries.account, account_id)
            if kept.language != lang:
                await site.database.write_async(
                    commands.choose_language, account_id=account_id, language=lang
                )
    return redirect(safe_path(next))


ROUTES = [choose_language]
