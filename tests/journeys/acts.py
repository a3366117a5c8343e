"""What people and systems do in a journey, from outside."""

from deploy.local.demo import personas
from deploy.local.demo.personas import Application, Person
from deploy.local.demo.recipients import answer_consent_question, link_in
from tests.journeys.conftest import Stage


def runner_up(person: Person, opening: personas.Opening = personas.ENGINEER) -> Application:
    return Application(person, opening, "runner_up", place=2, months=opening.months_needed + 24)


async def reject(stage: Stage, *applications: Application) -> None:
    now = stage.simulated_time.now()
    for application in applications:
        answer = await stage.post("/v1/rejections", personas.rejection(application, now))
        assert answer.status_code == 202, answer.text


async def say_yes(stage: Stage, person: Person) -> None:
    (letter,) = await stage.mail_to(person.email)
    assert await answer_consent_question(stage.http, link_in(letter, "c") or "", person)
