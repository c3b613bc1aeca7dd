"""All pages of people, for app.py: registration, sign-in, recovery, one's own account, the desk."""

from contest.people import (
    account_pages,
    desk_pages,
    home_pages,
    language_pages,
    registration_pages,
    role_pages,
)
from contest.people.classes import card_pages, print_pages
from contest.people.classes import pages as classes_pages
from contest.people.consent import desk_pages as consent_desk_pages
from contest.people.consent import link_pages as consent_link_pages
from contest.people.consent import pages as consent_pages
from contest.people.consent import paper_pages, withdrawal_pages
from contest.people.recovery import pages as recovery_pages
from contest.people.sign_in import pages as sign_in_pages

ROUTES = [
    *registration_pages.ROUTES,
    *sign_in_pages.ROUTES,
    *recovery_pages.ROUTES,
    *account_pages.ROUTES,
    *home_pages.ROUTES,
    *language_pages.ROUTES,
    *consent_pages.ROUTES,
    *consent_link_pages.ROUTES,
    *paper_pages.ROUTES,
    *consent_desk_pages.ROUTES,
    *withdrawal_pages.ROUTES,
    *classes_pages.ROUTES,
    *card_pages.ROUTES,
    *print_pages.ROUTES,
    *desk_pages.ROUTES,
    *role_pages.ROUTES,
]
