"""What a reader would stumble over: found by axe, by measuring, and by the Tab key alone."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Final, Literal

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import CDPSession, ConsoleMessage, Page, Request, ViewportSize

from tests.browser.keyboard import walk
from tests.docs.pages import ROOT

SEEN: Final = ROOT / ".notyet" / "browser"
"""Where pictures are kept of all that was looked at."""

SIZES: Final[dict[str, ViewportSize]] = {
    "desktop": {"width": 1280, "height": 800},
    "phone": {"width": 360, "height": 740},
}
DRAWN: Final = ROOT / "docs" / "pictures"
DRAWING: Final[ViewportSize] = {"width": 680, "height": 930}
OF_A_WHOLE_PAGE: Final = ("landmark-one-main", "page-has-heading-one", "region")
"""What a mail leaves to the program in which it is read."""

LOOKS: Final[Sequence[tuple[str, Literal["light", "dark"], str]]] = (
    ("phone", "dark", "-dark"),
    ("phone", "light", ""),
    ("desktop", "light", ""),
)
_CONTRAST: Final = "() => axe.run(document, {runOnly: {type: 'rule', values: ['color-contrast']}})"
_IS_TOO_WIDE: Final = (
    "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
)


class Reader:
    """Somebody with a browser, without a mouse and without scripts."""

    def __init__(self, page: Page, devtools: CDPSession) -> None:
        self.page = page
        self._devtools = devtools
        self._axe = Axe()
        self._is_mail = False
        self._was_folded = False
        self._heard: list[str] = []
        page.on("console", self._hear)
        page.on("request", self._notice)

    @classmethod
    async def without_scripts(cls, page: Page, devtools: CDPSession) -> "Reader":
        reader = cls(page, devtools)
        await reader._allow_scripts(allowed=False)
        return reader

    async def open(self, url: str) -> None:
        """Opens a page."""
        self._begin(is_mail=False)
        await self.page.goto(url)

    async def unpack(self, html: str) -> None:
        """Opens the HTML part of a mail, which is to load nothing."""
        await self.page.goto("about:blank")
        self._begin(is_mail=True)
        await self.page.set_content(html)

    async def faults(self, name: str) -> list[str]:
        """Looks at what is open, large and small, light and dark, and keeps what it looked like.

        Returns all that is wrong with it. Whatever was folded is unfolded then.
        """
        for size, scheme, mark in LOOKS:
            await self.page.set_viewport_size(SIZES[size])
            await self.page.emulate_media(color_scheme=scheme)
            await self.keep(SEEN / f"{name}-{size}{mark}.png")
        found = [f"{size}: {fault}" for size in SIZES async for fault in self._at(size)]
        if self._was_folded:
            await self.keep(SEEN / f"{name}-phone-unfolded.png")
        return [*found, *await self._violations(), *self._heard]

    async def keep(self, path: Path) -> None:
        """Keeps a picture of all that is open."""
        await self.page.screenshot(path=path, full_page=True)

    async def draw(self, name: str) -> None:
        """Draws what is open, as far as it fits, into the pictures that the documents show."""
        await self.page.set_viewport_size(DRAWING)
        await self.page.screenshot(path=DRAWN / f"{name}.png")

    def _begin(self, *, is_mail: bool) -> None:
        self._heard.clear()
        self._is_mail, self._was_folded = is_mail, False

    async def _at(self, size: str) -> AsyncIterator[str]:
        await self.page.set_viewport_size(SIZES[size])
        faults, was_folded = await walk(self.page)
        self._was_folded |= was_folded
        for fault in faults:
            yield fault
        if await self.page.evaluate(_IS_TOO_WIDE):
            yield "scrolls sideways"

    async def _violations(self) -> list[str]:
        """Asks axe, which is the only script that ever runs, with all unfolded."""
        rules = {name: {"enabled": False} for name in OF_A_WHOLE_PAGE if self._is_mail}
        await self._allow_scripts(allowed=True)
        light = (await self._axe.run(self.page, options={"rules": rules})).response
        await self.page.emulate_media(color_scheme="dark")
        dark = await self.page.evaluate(_CONTRAST)
        await self.page.emulate_media(color_scheme="light")
        await self._allow_scripts(allowed=False)
        return [
            f"{scheme}: {violation['id']}: {violation['nodes'][0]['html'][:120]}"
            for scheme, answer in (("light", light), ("dark", dark))
            for violation in answer["violations"]
        ]

    async def _allow_scripts(self, *, allowed: bool) -> None:
        await self._devtools.send("Emulation.setScriptExecutionDisabled", {"value": not allowed})

    def _hear(self, message: ConsoleMessage) -> None:
        """Notes an error, but for the one that says what a page answered with, which is meant."""
        is_of_page = message.location.get("url") == self.page.url
        if message.type == "error" and not (is_of_page and "Failed to load" in message.text):
            self._heard.append(f"console: {message.text}")

    def _notice(self, request: Request) -> None:
        if not request.is_navigation_request():
            self._heard.append(f"loads {request.url}")
