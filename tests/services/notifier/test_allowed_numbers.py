"""Which numbers text messages may go to."""

import pytest
from pydantic import ValidationError

from services.notifier.settings import Settings
from shared.contract.text_numbers import may_be_texted


@pytest.mark.parametrize("number", ["+4915112345678", "+436641234567", "+41791234567"])
def test_ordinary_numbers_of_listed_countries_are_allowed(number: str) -> None:
    assert may_be_texted(number, {"DE", "AT", "CH"})


@pytest.mark.parametrize(
    "number",
    [
        "+447911123456",  # a country that is not listed
        "+19005551234",  # premium
        "+33892123456",  # premium
        "+491805123456",  # shared cost
        "+4930901820",  # a landline
        "+33142345678",  # a landline
        "+4470012345678",  # a personal number, which forwards at the caller's expense
        "+881612345678",  # satellite
        "+870773111111",  # satellite
        "+88213300655",  # an international network
        "+18765551234",  # Jamaica, which shares +1
        "+49900123456",  # nobody's by the plan of its country
        "15112345678",
        "",
    ],
)
def test_what_costs_more_or_belongs_nowhere_is_not(number: str) -> None:
    assert not may_be_texted(number, {"DE", "FR", "US"})


@pytest.mark.parametrize("number", ["+12125551234", "+50688123456"])
def test_a_number_that_may_be_a_mobile_or_a_landline_is_taken_for_a_mobile(number: str) -> None:
    assert may_be_texted(number, {"US", "CR"})


def test_countries_are_listed_by_their_codes() -> None:
    fields = {name: field.get_default() for name, field in Settings.model_fields.items()}
    assert fields["sms_countries"] == ()
    with pytest.raises(ValidationError) as error:
        Settings.model_validate({"sms_countries": "DE, Austria"})
    assert ("sms_countries", 1) in [fault["loc"] for fault in error.value.errors()]
    assert "sms_countries" not in {fault["loc"][0] for fault in _faults("DE,AT CH")}


def _faults(countries: str) -> list[dict[str, tuple[object, ...]]]:
    with pytest.raises(ValidationError) as error:
        Settings.model_validate({"sms_countries": countries})
    return [{"loc": fault["loc"]} for fault in error.value.errors()]
