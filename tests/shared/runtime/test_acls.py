"""The rights at the broker are those of the declarations, in forms that a platform can use."""

import json

from typer.testing import CliRunner

from shared.contract.topics import ALL, PROFILES, RECIPIENTS
from shared.runtime.acls import PRINCIPALS, Acl, command_lines, declared
from shared.runtime.topics_commands import topics


def who(operation: str, name: str) -> set[str]:
    return {
        acl.principal.removeprefix("User:notyet-")
        for acl in declared()
        if (acl.operation, acl.resource_name) == (operation, name)
    }


def test_who_reads_and_writes_a_topic_is_who_is_declared_to() -> None:
    for topic in ALL:
        assert who("Read", topic.name) == {*topic.consumers}
        assert who("Write", topic.name) == {*topic.producers}


def test_who_somebody_is_stays_with_intake_and_the_notifier() -> None:
    assert who("Read", RECIPIENTS.name) == {"notifier"}
    assert who("Read", PROFILES.name) == {"matcher"}


def test_a_group_is_for_its_own_service_alone() -> None:
    groups = [acl for acl in declared() if acl.resource_type == "Group"]
    assert len(groups) == sum(len(topic.consumers) for topic in ALL)
    for acl in groups:
        service = acl.principal.removeprefix("User:notyet-")
        assert acl.resource_name.startswith(f"notyet.{service}.")


def test_rights_that_go_together_are_one_line() -> None:
    acls = [
        Acl("User:a", "Read", "Topic", "one"),
        Acl("User:a", "Read", "Topic", "two"),
        Acl("User:CN=b c", "Write", "Topic", "one"),
    ]
    start = "kafka-acls.sh --bootstrap-server k:9 --command-config admin.properties --add"
    assert command_lines(acls, "k:9") == [
        f"{start} --allow-principal User:a --operation Read --topic one --topic two",
        f"{start} --allow-principal 'User:CN=b c' --operation Write --topic one",
    ]


def test_the_command_prints_every_right_for_the_principals_that_the_platform_names() -> None:
    done = CliRunner().invoke(
        topics, ["acls", "--format", "json", "--principal", "matcher=User:CN=matcher"]
    )
    printed = json.loads(done.stdout)
    assert len(printed) == len(declared())
    principals = {**PRINCIPALS, "matcher": "User:CN=matcher"}
    assert {row["principal"] for row in printed} == {*principals.values()}
    assert printed[0].keys() == {
        *("principal", "host", "operation", "permissionType"),
        *("resourceType", "resourceName", "patternType"),
    }


def test_a_role_that_does_not_exist_is_refused() -> None:
    done = CliRunner().invoke(topics, ["acls", "--principal", "nobody=User:x"])
    assert done.exit_code == 2
