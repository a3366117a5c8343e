"""What a reader would stumble over: found by axe, by measuring, and by the Tab key alone."""

from collections.abc import AsyncIterator
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
DRAWING: Final[ViewportSize] = {"width": 680, "height": 900}
OF_A_WHOLE_PAGE: Final = ("landmark-one-main", "page-has-heading-one", "region")
"""What a mail leaves to the program in which it is read."""

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
        self._heard.clear()
        self._is_mail = False
        await self.page.goto(url)

    async def unpack(self, html: str) -> None:
        """Opens the HTML part of a mail, which is to load nothing."""
        await self.page.goto("about:blank")
        self._heard.clear()
        self._is_mail = True
        await self.page.set_content(html)

    async def faults(self, name: str) -> list[str]:
        """Looks at what is open, large and small, light and dark, and keeps what it looked like.

        Returns all that is wrong with it. Whatever was folded is unfolded then.
        """
        for size in SIZES:
            await self._fit(size)
            for scheme, mark in (("dark", "-dark"), ("light", "")):
                await self.page.emulate_media(color_scheme=_scheme(scheme))
                await self.keep(SEEN / f"{name}-{size}{mark}.png")
        found = [f"{size}: {fault}" for size in SIZES async for fault in self._at(name, size)]
        return [*found, *self._heard]

    async def keep(self, path: Path) -> None:
        """Keeps a picture of all that is open."""
        await self.page.screenshot(path=path, full_page=True)

    async def draw(self, name: str) -> None:
        """Draws what is open, as far as it fits, into the pictures that the documents show."""
        await self.page.set_viewport_size(DRAWING)
        await self.page.screenshot(path=DRAWN / f"{name}.png")

    async def _at(self, name: str, size: str) -> AsyncIterator[str]:
        await self._fit(size)
        faults, was_folded = await walk(self.page)
        for fault in faults:
            yield fault
        if was_folded:
            await self._unfolded(name)
        if await self.page.evaluate(_IS_TOO_WIDE):
            yield "scrolls sideways"
        for violation in await self._violations():
            yield violation

    async def _fit(self, size: str) -> None:
        await self.page.set_viewport_size(SIZES[size])

    async def _unfolded(self, name: str) -> None:
        """Keeps what is read once all is unfolded, on the phone, where it is longest."""
        before = self.page.viewport_size
        await self._fit("phone")
        await self.keep(SEEN / f"{name}-phone-unfolded.png")
        if before:
            await self.page.set_viewport_size(before)

    async def _violations(self) -> list[str]:
        """Asks axe, which is the only script that ever runs."""
        rules = {name: {"enabled": False} for name in OF_A_WHOLE_PAGE if self._is_mail}
        dark = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
        found: list[str] = []
        await self._allow_scripts(allowed=True)
        for scheme, options in (("dark", dark), ("light", {"rules": rules})):
            await self.page.emulate_media(color_scheme=_scheme(scheme))
            answer = await self._axe.run(self.page, options=options)
            found += [
                f"{scheme}: {violation['id']}: {violation['nodes'][0]['html'][:120]}"
                for violation in answer.response["violations"]
            ]
        await self._allow_scripts(allowed=False)
        return found

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


def _scheme(name: str) -> Literal["dark", "light"]:
    return "dark" if name == "dark" else "light"
