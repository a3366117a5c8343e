"""Addresses that forms demanded of somebody who has none."""

import json

import pytest

from services.intake.applicants.domain.nobodys_addresses import own_email, stands_for_nobody
from shared.runtime.postgres import Database
from tests.databases import Databases
from tests.services.intake.upstream import (
    NOW,
    RECEIVING,
    published,
    record,
    rejected,
    rows,
    standing,
)

NOBODYS = [
    *("none@none.com", "test@test.com", "null@null.com", "na@na.com", "unknown@unknown.com"),
    *(
        "no@no.com",
        "noemail@noemail.com",
        "keine@email.de",
        "nicht@vorhanden.de",
        "none@none.co.uk",
    ),
    *("undefined@undefined.com", "null@mail.example", "none1@none.com", "anonymous@anonymous.com"),
    *("noreply@hospital.example", "no-reply@no-reply.com", "do-not-reply@x.example"),
    *("jobs-noreply@x.example", "ne-pas-repondre@x.example", "nichtantworten@x.example"),
    *("17@users.noreply.github.com", "noreply+7@x.example", "nonrispondere@x.example"),
    *("noemail@gmail.com", "keine-email@klinik.de", "no.mail@web.de", "notprovided@x.example"),
    *("ann@noemail.com", "none@example.com", "unknown@candidate.com", "candidate@unknown.com"),
    *("email@email.com", "your.name@company.com", "vorname.nachname@firma.de", "xxx@xxx.com"),
    *("noemailprovided@x.example", "email.not.given@x.example", "emailnotprovided@x.example"),
    *("nobody@nobody.com", "fake@fake.com", "undefined@gmail.com", "mailer-daemon@x.example"),
    *("candidate@deleted.invalid", "deleted-123@anonymized.local", "ann@pc.localhost"),
    *(
        "none@none.co.uk",
        "ann@undefined",
        "a@a.aa",
        "xxx@xxx.xx",
        "ann@mail.internal",
        "ann@home.arpa",
    ),
]
SOMEBODYS = [
    *("na@gmail.com", "nan.li@mail.com", "na@mail.ru", "nil@patel.com", "jennifer.null@gmail.com"),
    *("j.null@null.org", "user@null.example", "ann@no.com", "no.kim@naver.com", "noah@noah.com"),
    *("huber@huber.at", "last@mail.de", "vero@vero.it", "ann@leer.de", "test@gmail.com"),
    *("test@mail.example", "nobody@mail.example", "ann@example.com", "ann@clinic.test"),
    *("nora.email@gmail.com", "mail@anna.de", "noreen@x.example", "reply@ann.example"),
    *("knoreply@x.example", "12345@qq.com", "x@x.com", "a@b.example", "max.mustermann@gmx.de"),
    *("noe.mailhot@gmail.com", "noemailhot@gmail.com", "no.name@gmail.com", "abc@huber.at"),
    *("beset@gmail.com", "ann@company.com", "ann@local.de", "nokia@nokia.com", "ann@xk.example"),
]


@pytest.fixture
async def database(databases: Databases) -> Database:
    return await databases("intake")


@pytest.mark.parametrize("address", NOBODYS)
def test_an_address_that_stands_for_none_is_nobodys(address: str) -> None:
    assert stands_for_nobody(address)
    assert own_email(address) is None


@pytest.mark.parametrize("address", SOMEBODYS)
def test_an_address_that_somebody_may_have_is_theirs(address: str) -> None:
    assert own_email(address) == address


async def test_an_address_of_nobodys_is_left_out_and_the_next_one_written_to(
    database: Database,
) -> None:
    said = rejected(person={"emails": ["None@None.com", "ann@mail.example"]})
    await record(database, RECEIVING.take(said, NOW))
    assert (await published(database, "recipients"))[-1]["emails"] == ["ann@mail.example"]
    [line] = await rows(database, "select facts from timeline")
    [left_out] = json.loads(line["facts"])["leftOut"]
    assert left_out["field"] == "applicant.emails.0"
    assert "stands for none" in left_out["why"]


async def test_whose_only_address_is_nobodys_is_known_and_their_system_is_told(
    database: Database,
) -> None:
    said = rejected(person={"emails": ["noreply@hospital.example"], "phone": None})
    [fault] = RECEIVING.faults(said, NOW)
    assert fault.field == "applicant.emails.0"
    await record(database, RECEIVING.take(said, NOW))
    [person] = await standing(database)
    assert person.get("channels", []) == []


async def test_an_address_of_nobodys_makes_no_two_people_one(database: Database) -> None:
    ann = {"name": {"fullName": "Ann Able"}, "emails": ["ann@mail.example", "none@none.com"]}
    bob = {"name": {"fullName": "Bob Best"}, "emails": ["bob@mail.example", "none@none.com"]}
    events = [rejected(person=ann), rejected(application_id="a-2", person=bob)]
    assert await record(database, *events) == events[1:]
