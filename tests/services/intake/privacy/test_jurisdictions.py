"""How long what is kept of somebody is kept, by the law of the country."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.intake.privacy.jurisdictions import SHIPPED, Jurisdictions

NOW = datetime(2026, 8, 31, 12, tzinfo=UTC)
SHIPPED_LAWS = Jurisdictions.read(SHIPPED, 24)


def day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"


@pytest.mark.parametrize(
    ("country", "last"),
    [("DE", "2026-02-28"), ("AT", "2026-01-31"), ("FR", "2024-08-31"), ("NL", "2026-07-31")],
)
def test_each_country_says_since_when_there_was_to_be_a_contact(country: str, last: str) -> None:
    assert day(dict(SHIPPED_LAWS.oldest_contacts(NOW))[country]) == last


def test_nobody_is_kept_longer_than_the_setting_says() -> None:
    laws = Jurisdictions.read(SHIPPED, 4)
    assert {day(it) for it in dict(laws.oldest_contacts(NOW)).values()} == {
        "2026-04-30",
        "2026-05-31",
        "2026-07-31",
    }
    assert day(laws.oldest_contact(NOW)) == "2026-04-30"
    assert day(SHIPPED_LAWS.oldest_contact(NOW)) == "2024-08-31"


@pytest.mark.parametrize(
    ("country", "region", "until"),
    [
        ("DE", None, "2027-02-28"),
        ("US", "CA", "2030-08-31"),
        ("US", "NY", "2027-08-31"),
        ("US", "California", "2030-08-31"),
        ("PT", None, "2027-02-28"),
        (None, None, "2027-02-28"),
    ],
)
def test_a_decision_is_held_by_the_law_of_the_region_the_country_or_else_generally(
    country: str | None, region: str | None, until: str
) -> None:
    assert day(SHIPPED_LAWS.decision_until(NOW, country, region)) == until


def test_what_was_agreed_to_can_be_shown_for_longer_where_the_law_says_so() -> None:
    assert day(SHIPPED_LAWS.consent_until(NOW, "DE")) == "2031-08-31"
    assert day(SHIPPED_LAWS.consent_until(NOW, "FR")) == "2029-08-31"


@pytest.mark.parametrize(
    "text", ["[Germany]\nperson = 6", "[DE]\nperson = 0", "[DE]\nmonths = 6", "[DE", "DE = 6"]
)
def test_a_file_that_says_something_else_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "laws.toml"
    file.write_text(text)
    with pytest.raises(ValueError, match=r"\w"):
        Jurisdictions.read(file, 24)


def test_a_file_may_say_nothing(tmp_path: Path) -> None:
    (tmp_path / "laws.toml").write_text("")
    laws = Jurisdictions.read(tmp_path / "laws.toml", 24)
    assert laws.decision_until(NOW, "DE") == NOW
    assert list(laws.oldest_contacts(NOW)) == []
