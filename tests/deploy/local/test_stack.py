"""The stack without its services, which journeys run."""

import json
from pathlib import Path

import httpx
import pytest

from deploy.local.child import CannotStart
from deploy.local.environment import StackConfiguration, environment, read_environment
from deploy.local.stack import SERVICES, Stack
from deploy.local.stack_ports import ANY, resolved

NO_SERVICES = dict.fromkeys(SERVICES, 0)
SMS = {"To": "+4915112345678", "From": "+15005550006", "Body": "Hello"}


def stack(directory: Path) -> Stack:
    return Stack(directory, replicas=NO_SERVICES, durable=False)


async def test_what_was_sent_is_still_there_after_a_restart(tmp_path: Path) -> None:
    async with stack(tmp_path) as first, httpx.AsyncClient() as client:
        url = f"{first.sink_url}/2010-04-01/Accounts/AC1/Messages.json"
        (await client.post(url, data=SMS, auth=("AC1", "token"))).raise_for_status()
    async with stack(tmp_path) as second, httpx.AsyncClient() as client:
        (message,) = (await client.get(f"{second.sink_url}/api/messages")).json()
    assert message["text"] == "Hello"
    assert first.keys == second.keys


async def test_a_directory_in_use_is_refused_and_left_alone(tmp_path: Path) -> None:
    async with stack(tmp_path) as first:
        with pytest.raises(CannotStart, match="Another Not Yet is running"):
            await stack(tmp_path).start()
        assert await first.processes["sink"][0].is_ready()


async def test_a_directory_is_not_used_with_another_broker(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    with pytest.raises(CannotStart, match="another broker"):
        Stack(tmp_path, broker="embedded")


async def test_a_broker_that_does_not_answer_is_named_and_nothing_is_left_running(
    tmp_path: Path,
) -> None:
    alone = Stack(tmp_path, broker="127.0.0.1:1", durable=False)
    with pytest.raises(CannotStart, match=r"No broker answers at 127\.0\.0\.1:1"):
        await alone.start()
    assert not alone.postgres.child.running


def test_secrets_are_for_their_owner_alone_and_another_directory_has_others(
    tmp_path: Path,
) -> None:
    keys = [Stack(tmp_path / name).keys for name in ("one", "two")]
    assert keys[0].link_key != keys[1].link_key
    assert (tmp_path / "one" / "keys.json").stat().st_mode & 0o077 == 0


def test_each_service_is_given_only_the_secrets_that_it_uses(tmp_path: Path) -> None:
    keys = Stack(tmp_path).keys
    configuration = StackConfiguration(keys, resolved(ANY), "127.0.0.1:1", None, False)
    given = {
        service: set(environment(configuration, service, service, 1, 2).values())
        for service in SERVICES
    }
    users = {
        "scheduler": {keys.quarantine_keys["scheduler"]},
        "matcher": {keys.quarantine_keys["matcher"]},
        "intake": {
            keys.quarantine_keys["intake"],
            keys.link_key,
            keys.identity_key,
            keys.twilio_auth_token,
        },
        "notifier": {
            keys.quarantine_keys["notifier"],
            keys.link_key,
            keys.suppression_key,
            keys.twilio_auth_token,
        },
    }
    every = set().union(*users.values())
    assert {service: values & every for service, values in given.items()} == users


def test_a_number_that_text_messages_go_to_is_one_that_people_can_give(tmp_path: Path) -> None:
    configuration = StackConfiguration(Stack(tmp_path).keys, resolved(ANY), "x:1", None, False)
    told = [
        environment(configuration, service, service, 1, 2)["NOTYET_SMS_COUNTRIES"]
        for service in ("intake", "notifier")
    ]
    assert told[0] == told[1]
    assert "AT" in told[0].split(",")


def test_a_directory_without_a_stack_configures_nothing(tmp_path: Path) -> None:
    assert read_environment(tmp_path, "intake") == {}
    (tmp_path / "environment.json").write_text(json.dumps({"intake": {"A": "b"}}))
    assert read_environment(tmp_path, "intake") == {"A": "b"}


def test_a_directory_of_another_version_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text('{"link_key": "of long ago"}')
    with pytest.raises(CannotStart, match="made by another version"):
        Stack(tmp_path)
