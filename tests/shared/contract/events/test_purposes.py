"""Each purpose has one row, and one that is not known is never sent."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.contract.events.people import Channel, Consent, ConsentPurpose
from shared.contract.events.purposes import RULES, Basis, Purpose, allows, rule_of

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
UNKNOWN = Purpose("yearly_note")


def consents(purpose: ConsentPurpose, channel: Channel = Channel.EMAIL) -> list[Consent]:
    return [
        Consent(purpose=purpose, channel=channel, since=NOW, until=NOW + timedelta(days=1)),
    ]


def test_every_purpose_has_a_rule() -> None:
    assert RULES.keys() == set(Purpose)


@pytest.mark.parametrize("purpose", Purpose)
def test_consents_are_named_where_consent_is_the_basis_and_nowhere_else(purpose: Purpose) -> None:
    rule = RULES[purpose]
    assert bool(rule.consents) == (rule.basis is Basis.CONSENT)


def test_consent_allows_its_purpose_over_its_channel_while_it_lasts() -> None:
    given = consents(ConsentPurpose.NOW_AND_THEN)
    assert allows(given, Purpose.CHECK_IN, Channel.EMAIL, NOW)
    assert not allows(given, Purpose.CHECK_IN, Channel.SMS, NOW)
    assert not allows(given, Purpose.INVITATION, Channel.EMAIL, NOW)
    assert not allows(given, Purpose.CHECK_IN, Channel.EMAIL, NOW + timedelta(days=1))


def test_no_consent_allows_what_is_not_known() -> None:
    assert rule_of(UNKNOWN) is None
    assert not any(
        allows(consents(purpose), UNKNOWN, Channel.EMAIL, NOW)
        for purpose in (*ConsentPurpose, ConsentPurpose("yearly_note"))
    )


def test_consent_for_something_unknown_allows_nothing() -> None:
    given = consents(ConsentPurpose("yearly_note"))
    assert not any(allows(given, purpose, Channel.EMAIL, NOW) for purpose in Purpose)
