"""Only what Twilio signed is believed."""

import pytest

from services.intake.webhooks.sms.twilio_signature import is_genuine, signature

TOKEN = "12345"
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
PARAMETERS = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Caller", "+14158675309"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
]
SIGNED = "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def test_the_vector_that_twilio_publishes_verifies() -> None:
    assert signature(TOKEN, URL, PARAMETERS) == SIGNED
    assert is_genuine(SIGNED, TOKEN, URL, PARAMETERS)


def test_the_order_in_which_parameters_arrive_does_not_matter() -> None:
    assert is_genuine(SIGNED, TOKEN, URL, reversed(PARAMETERS))


@pytest.mark.parametrize(
    "url", ["https://mycompany.com:443/myapp.php?foo=1&bar=2", URL], ids=["port", "no port"]
)
def test_a_url_signed_with_its_port_is_the_same_url(url: str) -> None:
    with_port = signature(TOKEN, "https://mycompany.com:443/myapp.php?foo=1&bar=2", PARAMETERS)
    assert is_genuine(with_port, TOKEN, url, PARAMETERS)
    assert is_genuine(SIGNED, TOKEN, url, PARAMETERS)


def test_a_repeated_parameter_counts_once_for_each_of_its_values() -> None:
    twice = [("Media", "b"), ("Media", "a"), ("Media", "b")]
    assert signature(TOKEN, URL, twice) == signature(TOKEN, URL, [("Media", "a"), ("Media", "b")])


@pytest.mark.parametrize(
    ("given", "token", "url", "parameters"),
    [
        ("", TOKEN, URL, PARAMETERS),
        ("é" + SIGNED[1:], TOKEN, URL, PARAMETERS),
        (SIGNED[:-2] + "A=", TOKEN, URL, PARAMETERS),
        (SIGNED, "54321", URL, PARAMETERS),
        (SIGNED, TOKEN, URL.replace("foo=1", "foo=2"), PARAMETERS),
        (SIGNED, TOKEN, URL, PARAMETERS[:-1]),
        (SIGNED, TOKEN, URL, [*PARAMETERS, ("Body", "STOP")]),
    ],
    ids=["none", "not ascii", "other", "other token", "other url", "parameter lost", "added"],
)
def test_anything_that_was_changed_is_not_genuine(
    given: str, token: str, url: str, parameters: list[tuple[str, str]]
) -> None:
    assert not is_genuine(given, token, url, parameters)
