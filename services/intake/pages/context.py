"""What every page needs: the record, the time, the links, and a way to answer."""

from datetime import datetime, timedelta

from fastapi import Request
from fastapi.responses import HTMLResponse

from services.intake.consent import addressee
from services.intake.consent.domain import LinkedMessage
from services.intake.consent.numbers import StoppedNumbers
from services.intake.pages.language import words_for
from services.intake.pages.rendering import Pages
from services.intake.pages.wording import Texts
from services.intake.privacy.erasure import Erasure
from shared.contract.events.purposes import Purpose
from shared.runtime.clock import Clock
from shared.runtime.links import LinkPurpose, Links
from shared.runtime.postgres import Database

LINK_LIFE = timedelta(days=7)


class PageContext:
    """One public page's way in and out."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        links: Links,
        erasure: Erasure,
        numbers: StoppedNumbers,
        pages: Pages,
    ) -> None:
        self.database = database
        self.clock = clock
        self.erasure = erasure
        self.numbers = numbers
        self.links = links
        self._pages = pages

    def claims(self, token: str, purpose: LinkPurpose, now: datetime) -> dict[str, str] | None:
        """Returns the claims of a link, or None for whatever is wrong with it."""
        return self.links.read(token, purpose, now)

    def linked_message(self, token: str, purpose: LinkPurpose) -> LinkedMessage | None:
        """Returns the message that a link came with, or None for whatever is wrong with it."""
        claims = self.claims(token, purpose, self.clock.now())
        return LinkedMessage.of(claims, self.is_mark_of) if claims else None

    async def own_message(self, token: str, purpose: LinkPurpose) -> LinkedMessage | None:
        """Returns the message of a candidate's link, which lasts as long as a yes of theirs.

        Nobody who agreed to something is left without the way to end it.
        """
        now = self.clock.now()
        signed = self.links.signed(token, purpose)
        if signed is None:
            return None
        message = LinkedMessage.of(signed.claims, self.is_mark_of)
        if not signed.is_over(now):
            return message
        async with self.database.connection() as conn:
            return message if await addressee.has_agreed(conn, message, now) else None

    def url(self, purpose: LinkPurpose, claims: dict[str, str], now: datetime) -> str:
        """Returns a link from one page to another, which works for as long as somebody reads."""
        return self.links.url(purpose, claims, now + LINK_LIFE)

    def choices(self, message: LinkedMessage, purpose: Purpose, now: datetime) -> str:
        """Links from what a message led to, to their own page, where everything can be changed."""
        claims = {
            "language": message.language or "",
            "candidate": message.candidate_id,
            "message": message.message_id,
            "wording": message.wording_version,
            "purpose": str(purpose),
            "application": message.application_id or "",
            "address": message.sent_to or "",
        }
        return self.url(LinkPurpose.CANDIDATE, claims, now)

    def is_mark_of(self, mark: str | None, address: str) -> bool:
        """Tells whether a link was sent to this address."""
        return mark is not None and mark in self.links.marks(address)

    def page(
        self, template: str, texts: Texts, *, status: int = 200, **view: object
    ) -> HTMLResponse:
        return self._pages.render(template, texts, status=status, **view)

    def nothing_here(self, request: Request, notice: str = "nothing_here") -> HTMLResponse:
        """The one answer to every link of a kind that does not work, whatever the reason."""
        return self.page("notice.html", self.words(request), status=404, notice=notice)

    def words(self, request: Request) -> Texts:
        """Returns the words of a page of which nothing is known but who asks for it."""
        return words_for(request, self.links)
