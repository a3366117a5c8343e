"""What the vendors of a campaign send is what their systems would: believed, and read as meant."""

from collections import Counter
from datetime import UTC, datetime

from services.intake.webhooks.adapter import Delivery, Told
from services.intake.webhooks.systems import SYSTEMS
from tests.faults import vendor
from tests.faults.ask import VENDORS, Ask
from tests.faults.plan import Plan
from tests.faults.product_clock import MORNING
from tests.services.intake.webhooks.greenhouse import SECRET

EVERY = {"rejected", "unrejected", "withdrawn", "hired", "updated", "erased"}


def read(ask: Ask) -> Told:
    """Returns what the adapter of a vendor makes of a call, which it believes."""
    path, headers, body = vendor.call(ask)
    system, now = VENDORS[path.rpartition("/")[2]], datetime.now(UTC)
    adapter = SYSTEMS[system]
    delivery = Delivery(body, headers, now)
    assert adapter.refusal(delivery, [SECRET], now) is None
    told = adapter.translate(delivery, adapter.options.model_validate(vendor.OPTIONS[system]))
    assert isinstance(told, Told)
    return told


def test_a_vendor_calls_twice_with_all_that_it_has_and_is_read_as_it_means() -> None:
    called = [ask for ask in Plan(7, MORNING).asks(2_000) if ask.door == "hook"]
    assert {ask.source for ask in called} == set(VENDORS)
    assert {ask.what for ask in called} == EVERY
    assert set(Counter((ask.source, ask.event_id) for ask in called).values()) == {2}
    for ask in called:
        [said] = read(ask).said
        assert said.model.type == ask.type


def test_no_two_things_that_a_vendor_says_are_known_by_the_same() -> None:
    called = {ask.event_id: ask for ask in Plan(7, MORNING).asks(500) if ask.door == "hook"}
    keys = set()
    for ask in called.values():
        _, headers, body = vendor.call(ask)
        keys.add(SYSTEMS[VENDORS[ask.source]].key(Delivery(body, headers, MORNING)))
    assert len(keys) == len(called)
