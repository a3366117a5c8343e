"""What people read whom we refuse: a page that says in their language what to do."""

from fastapi import Request, Response

from services.intake.pages.language import words_for
from services.intake.pages.rendering import Pages
from services.intake.web.problems import PageOf
from shared.runtime.links import Links

_API = "/v1/"
_NOT_FOUND = 404


def page_of(links: Links, pages: Pages) -> PageOf:
    """Makes the page of each refusal; there is none for a program."""

    def page(request: Request, status: int) -> Response | None:
        if not _is_read_by_people(request):
            return None
        words = words_for(request, links)
        notice = "nothing_here" if status == _NOT_FOUND else f"refused.{status}"
        if not words.find(notice, "title"):
            notice = "refused.other"
        return pages.render("notice.html", words, status=status, notice=notice)

    return page


def _is_read_by_people(request: Request) -> bool:
    """Tells whether a page was asked for: where there is one, or by a browser.

    A program that says what it reads is believed.
    """
    if request.scope["path"].startswith(_API):
        return False
    accepted = request.headers.get("accept", "").lower()
    return "text/html" in accepted or ("route" in request.scope and "json" not in accepted)
