"""One half-year on a running stack, and one browser, for all that is looked at.

What they need is installed by `make browser` alone; without it nothing here is collected.
"""

from collections.abc import AsyncIterator
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest_asyncio

from tests.journeys.conftest import running
from tests.scratch import scratch

if TYPE_CHECKING:
    from tests.browser.looking import Reader
    from tests.browser.play import Play

CHROMIUM = "/usr/bin/chromium"

collect_ignore_glob = [] if find_spec("playwright") else ["test_*.py"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def play() -> AsyncIterator["Play"]:
    from tests.browser.play import half_a_year

    with scratch("browser") as directory:
        async with running(directory) as stage:
            yield await half_a_year(stage)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def reader() -> AsyncIterator["Reader"]:
    from playwright.async_api import async_playwright

    from tests.browser.looking import SEEN, Reader

    SEEN.mkdir(parents=True, exist_ok=True)
    for old in SEEN.glob("*.png"):
        old.unlink()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--disable-gpu"])
        context = await browser.new_context(locale="en-GB")
        page = await context.new_page()
        yield await Reader.without_scripts(page, await context.new_cdp_session(page))
        await browser.close()
