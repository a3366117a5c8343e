"""Files are fetched within bounds, and from nowhere inside."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest

from services.intake.deliveries.api_client import ApiClient, Away, Busy, Refused, Wrong
from services.intake.deliveries.apis import SourceApi
from services.intake.resumes import files
from services.intake.resumes.files import Files, Unfetched
from services.intake.resumes.outcomes import MOST_BYTES
from tests.services.intake.deliveries.stand_in import Answer, StandIn, standing_in

TOKEN = {"authorization": "Bearer what opens the door over there"}


@dataclass
class Vendor:
    """A system with its API, and another server beside it."""

    api: StandIn
    other: StandIn
    files: Files
    source_api: SourceApi

    async def fetch(self, place: str) -> bytes:
        return await self.files.fetch(place, self.source_api, self.api.url)


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    async with standing_in() as api, standing_in() as other:
        client = ApiClient(httpx.create_ssl_context(), per_second=1000)
        fetching = Files()
        yield Vendor(api, other, fetching, SourceApi(client, api.url, TOKEN))
        await fetching.close()
        await client.close()


def leads_to(url: str) -> Answer:
    return Answer(302, headers={"Location": url})


async def test_a_path_is_read_in_the_api_with_its_token(vendor: Vendor) -> None:
    vendor.api.says("/resumes/1?as=pdf", Answer(body=b"%PDF-"))
    assert await vendor.fetch("/resumes/1?as=pdf") == b"%PDF-"
    [(_, headers)] = vendor.api.asked
    assert headers["authorization"] == TOKEN["authorization"]
    assert headers["accept-encoding"] == "identity"


async def test_no_token_goes_to_a_whole_address_or_to_where_a_path_leads_on(vendor: Vendor) -> None:
    vendor.api.says("/resumes/1", leads_to("/files/1"))
    vendor.api.says("/files/1", Answer(body=b"text"))
    assert await vendor.fetch("/resumes/1") == b"text"
    assert await vendor.fetch(f"{vendor.api.url}/files/1") == b"text"
    assert [("authorization" in headers) for _, headers in vendor.api.asked] == [True, False, False]


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://[::1]/x",
        "https://10.1.2.3/x",
        "https://169.254.169.254/latest/meta-data",
        "https://[::ffff:10.1.2.3]/x",
        "http://files.example.com/x",
        "http://127.0.0.1:1/x",
        "ftp://files.example.com/x",
        "file:///etc/passwd",
        "//files.example.com/x",
        "https://",
        "no address",
        "",
    ],
)
async def test_nothing_is_fetched_from_inside_or_without_tls(vendor: Vendor, url: str) -> None:
    with pytest.raises(Unfetched, match=r"private|no https|none") as told:
        await vendor.files.fetch(url, None, vendor.api.url)
    assert told.value.for_good


async def test_nobody_is_led_inside(vendor: Vendor) -> None:
    for url in (f"{vendor.other.url}/x", "https://127.0.0.1/x"):
        vendor.api.says("/resumes/1", leads_to(url))
        with pytest.raises(Unfetched, match=r"private|no https"):
            await vendor.fetch("/resumes/1")
    assert vendor.other.asked == []


async def test_whoever_is_led_in_circles_stops(vendor: Vendor) -> None:
    vendor.api.says("/resumes/1", leads_to("/resumes/1"))
    with pytest.raises(Unfetched, match="too often") as told:
        await vendor.fetch("/resumes/1")
    assert told.value.for_good
    assert len(vendor.api.asked) == files.MOST_HOPS
    for hop in range(1, files.MOST_HOPS):
        vendor.api.says(f"/resumes/{hop}", leads_to(f"/resumes/{hop + 1}"))
    vendor.api.says(f"/resumes/{files.MOST_HOPS}", Answer(body=b"text"))
    assert await vendor.fetch("/resumes/1") == b"text"


async def test_no_more_is_read_than_a_resume_may_have(vendor: Vendor) -> None:
    vendor.api.says("/resumes/1", Answer(body=bytes(MOST_BYTES + 100_000)))
    assert len(await vendor.fetch("/resumes/1")) == MOST_BYTES + 1


@pytest.mark.parametrize(
    ("status", "error"),
    [(401, Refused), (403, Wrong), (404, Unfetched), (429, Busy), (500, Away), (418, Wrong)],
)
async def test_an_api_says_of_a_file_what_it_says_of_all_else(
    vendor: Vendor, status: int, error: type[Exception]
) -> None:
    vendor.api.says("/resumes/1", Answer(status))
    with pytest.raises(error):
        await vendor.fetch("/resumes/1")


@pytest.mark.parametrize(
    ("status", "for_good"), [(403, True), (404, True), (418, True), (429, False), (503, False)]
)
async def test_an_address_that_holds_no_more_is_not_tried_again(
    vendor: Vendor, status: int, for_good: bool
) -> None:
    vendor.api.says("/files/1", Answer(status))
    with pytest.raises(Unfetched) as told:
        await vendor.fetch(f"{vendor.api.url}/files/1")
    assert told.value.for_good is for_good


async def test_a_server_that_trickles_or_breaks_off_is_tried_later(
    vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "SECONDS", 0.2)
    vendor.api.says("/slow", Answer(body=b"x", seconds=5))
    vendor.api.says("/short", Answer(body=b"x", promised=10))
    for path in ("/slow", "/short"):
        with pytest.raises(Unfetched) as told:
            await vendor.fetch(f"{vendor.api.url}{path}")
        assert not told.value.for_good
