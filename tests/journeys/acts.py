"""What people and systems do in a journey, from outside."""

from deploy.local.demo import cast
from deploy.local.demo.audience import answer_hat, link_in
from deploy.local.demo.cast import Part, Person
from tests.journeys.conftest import Stage


def runner_up(person: Person, opening: cast.Opening = cast.ENGINEER) -> Part:
    return Part(person, opening, "runner_up", place=2, months=opening.months_needed + 24)


async def reject(stage: Stage, *parts: Part) -> None:
    now = stage.passage.now()
    for part in parts:
        answer = await stage.post("/v1/rejections", cast.rejection(part, now))
        assert answer.status_code == 202, answer.text


async def say_yes(stage: Stage, person: Person) -> None:
    (letter,) = await stage.mail_to(person.email)
    assert await answer_hat(stage.http, link_in(letter, "c") or "", person)
