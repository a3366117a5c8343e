"""What intake says where it cannot take what it is told to take."""

import asyncio
import os
import socket
import sys
from collections.abc import Iterator

import pytest

from deploy.local.ports import free_port
from tests.databases import Databases
from tests.services.intake.shell import shell_on

MAIL = {"NOTYET_MAIL_IN_DOMAIN": "replies.example"}
LMTP, HTTP, PROBE = "NOTYET_LMTP_PORT", "NOTYET_HTTP_PORT", "NOTYET_PROBE_PORT"


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


async def started(databases: Databases, **environment: str) -> tuple[int | None, list[str]]:
    """Returns how a process ended that does not come to serve, and what it said of that."""
    await databases("intake")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.intake", "run"),
        env=os.environ | shell_on(databases, **environment).environment,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        _, said = await process.communicate()
    return process.returncode, said.decode().splitlines()


async def test_a_domain_for_mail_that_nobody_takes_is_refused_with_what_to_set(
    databases: Databases,
) -> None:
    code, said = await shell_on(databases, **MAIL)("run")
    assert code == 2
    assert "NOTYET_MAIL_IN_DOMAIN" in said
    assert "set NOTYET_LMTP_PORT" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("door", [LMTP, HTTP, PROBE])
async def test_a_port_that_is_taken_is_one_line_that_names_its_setting(
    databases: Databases, taken: int, door: str
) -> None:
    code, said = await started(databases, **MAIL, **{LMTP: "0", door: str(taken)})
    assert (code, len(said)) == (1, 1), said
    assert f"port {taken} of 127.0.0.1 (Address already in use)" in said[0]
    assert f"set another {door}" in said[0]


@pytest.mark.parametrize("doors", [(LMTP, HTTP), (LMTP, PROBE), (HTTP, PROBE)])
async def test_one_port_for_two_doors_is_one_line_that_names_the_second(
    databases: Databases, doors: tuple[str, str]
) -> None:
    ports = {LMTP: "0"} | dict.fromkeys(doors, str(free_port()))
    code, said = await started(databases, **MAIL, **ports)
    assert (code, len(said)) == (1, 1), said
    assert f"set another {doors[1]}" in said[0]


async def test_an_address_of_no_machine_here_is_one_line(databases: Databases) -> None:
    host = {"NOTYET_LMTP_HOST": "no-such.invalid"}
    code, said = await started(databases, **MAIL, **host, NOTYET_LMTP_PORT="0")
    assert (code, len(said)) == (1, 1), said
    assert "NOTYET_LMTP_HOST" in said[0]
