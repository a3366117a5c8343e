"""Whoever comes by without a link reads what this is, and finds nobody."""

from tests.services.intake.house import House


async def test_the_page_at_the_door_says_what_this_is_and_leads_to_nobody(house: House) -> None:
    await house.add_candidate()
    page = await house.client.get("https://jobs.example.org/")
    assert page.status_code == 200
    assert "Hartmann Logistics" in page.text
    assert "We stay in touch" in page.text
    assert "Ada" not in page.text
    for way_in in ("<a ", "<form", "<input"):
        assert way_in not in page.text
    assert (await house.client.head("https://jobs.example.org/")).status_code == 200
