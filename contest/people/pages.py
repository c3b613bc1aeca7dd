"""All pages of people, for app.py: registration, sign-in, recovery, one's own account, the desk."""

from contest.people import account_pages, desk_pages, registration_pages
from contest.people.recovery import pages as recovery_pages
from contest.people.sign_in import pages as sign_in_pages

ROUTES = [
    *registration_pages.ROUTES,
    *sign_in_pages.ROUTES,
    *recovery_pages.ROUTES,
    *account_pages.ROUTES,
    *desk_pages.ROUTES,
]
