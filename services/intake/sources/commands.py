"""`sources`: systems that call us; connecting one, looking at what it says, letting it count."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from typing import Annotated, Any, TypeVar

import asyncpg
import typer
from pydantic import ValidationError

from services.intake.deliveries import store as deliveries
from services.intake.deliveries.domain import State
from services.intake.deliveries.rehearsal import rehearse
from services.intake.deliveries.understanding import Understanding
from services.intake.outgoing import store as outgoing
from services.intake.settings import Settings
from services.intake.sources import store
from services.intake.sources.checking import leave_said, report
from services.intake.sources.domain import (
    APPLIED_DAYS,
    LETTER_DAYS,
    NO_API_URL,
    NO_NAME,
    VOICES,
    Speaks,
    is_api_url,
    is_name,
)
from services.intake.sources.given_secrets import SHOWN_IF_GIVEN, given_secret
from services.intake.sources.store import Registered
from services.intake.sources.trying import try_door
from services.intake.webhooks.adapter import Adapter
from services.intake.webhooks.systems import APIS, NOTES, SYSTEMS
from shared.runtime.command_line import answered, configured, console, fail, with_database
from shared.runtime.listings import AsJson, Row, show
from shared.runtime.terminal import tell

Name = Annotated[str, typer.Argument(help="Of the source, as sources list shows it.")]
Given = Annotated[
    bool,
    typer.Option(
        "--given",
        help="Take the secret that the system has made: it is asked for, or read from stdin.",
    ),
]
Result = TypeVar("Result")


def sources_commands() -> typer.Typer:
    """Returns the commands that connect systems."""
    commands = typer.Typer(
        help="Systems that call us with what happens in them.", no_args_is_help=True
    )
    commands.command()(add)
    commands.command("list")(list_sources)
    commands.command()(check)
    commands.command()(start)
    commands.command()(pause)
    commands.command()(speaks)
    commands.command("map")(map_word)
    commands.command()(rotate)
    commands.command()(token)
    commands.command()(notes)
    commands.command("try")(try_door)
    return commands


def add(
    system: Annotated[str, typer.Argument(help=f"Which it is: {', '.join(SYSTEMS)}.")],
    name: Annotated[str, typer.Option(help="The source that it is known as from now on.")],
    given: Given = False,
) -> None:
    """Connect a system: prints what to enter there. Nothing is recorded before sources start."""
    if system not in SYSTEMS:
        fail(f"Name one of these systems: {', '.join(SYSTEMS)}. Any other one can be: generic")
    if not is_name(name):
        fail(NO_NAME)
    settings, adapter = configured(Settings), SYSTEMS[system]
    secret = given_secret() if given else adapter.new_secret()
    now = settings.clock().now()

    async def work(conn: asyncpg.Connection) -> bool:
        return await store.add(conn, name, system, secret, settings.seal(), now)

    if not answered(with_database(settings.database("intake"), work)):
        fail(f"There is a source {name} already; see: sources list")
    _tell_setup(settings, name, adapter, SHOWN_IF_GIVEN if given else secret)
    tell(
        "",
        "A secret is shown only once. What comes is looked at, and not recorded:",
        f"    notyet sources check {name}    says what came and what would be made of it",
        f"    notyet sources speaks {name} us    if we are to tell people no, and ask them",
        f"    notyet sources speaks {name} question    if {system} tells them, and we only ask",
        "        whether their name may stay in the hat; so far nothing of ours leaves",
        f"    notyet sources start {name}    lets it count",
    )


def list_sources(as_json: AsJson = False) -> None:
    """List sources: their system, whether they count, and who tells people no."""
    known = _on_database(store.every)
    rows = [
        {
            "name": name,
            "system": it.source.system,
            "state": _state(it),
            "speaks": it.source.speaks,
            "secrets": len(it.sealed),
        }
        for name, it in known.items()
    ]
    nothing = "There are no sources yet; see: sources add --help"
    show(rows, _listed, as_json=as_json, limit=-1, nothing=nothing)


def check(name: Name) -> None:
    """Say what came from a source, what was made of it, what was left out, and what to do."""
    settings = configured(Settings)

    async def work(conn: asyncpg.Connection) -> list[str]:
        return await report(
            conn,
            await _of(conn, name),
            _understanding(settings),
            settings.clock().now(),
            settings.burst_rejections,
        )

    tell(*answered(with_database(settings.database("intake"), work)))


def start(
    name: Name,
    days: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=1000,
            help=f"Nobody decided about longer ago is written to; {LETTER_DAYS} at first.",
        ),
    ] = None,
    applied_days: Annotated[
        int | None,
        typer.Option(
            min=0, max=5000, help=f"Nor who had applied longer ago; {APPLIED_DAYS} at first."
        ),
    ] = None,
) -> None:
    """Let a source count: what it said until now is recorded too, and all that it says from now on.

    Of a decision that is too old nobody hears anything. A source that was paused goes on.
    """
    settings = configured(Settings)
    now = settings.clock().now()

    async def work(conn: asyncpg.Connection) -> list[str]:
        source = (await _of(conn, name)).source
        as_given = replace(
            source,
            letter_days=source.letter_days if days is None else days,
            applied_days=source.applied_days if applied_days is None else applied_days,
        )
        await store.start(conn, name, as_given.letter_days, as_given.applied_days, now)
        if source.is_live:
            return [f"{name} counts already; of those days, from now on"]
        leaves = await rehearse(conn, _understanding(settings), as_given, now)
        waiting = await deliveries.replay(conn, source=name, states=[State.TRIED])
        return [
            f"{name} counts from now on; of what came before, being recorded: {waiting}",
            *leave_said(leaves, "Leaves"),
        ]

    tell(*answered(with_database(settings.database("intake"), work)))


def pause(name: Name) -> None:
    """Let a source count no more until it is started: what it says waits, and nobody is written to.

    What ends something counts all the same: somebody taken back, hired, withdrawn, merged or
    erased, that they may not be written to, and a vacancy closed.
    """
    now = configured(Settings).clock().now()

    async def work(conn: asyncpg.Connection) -> int:
        source = (await _of(conn, name)).source
        if not await store.pause(conn, name, now):
            fail(f"{name} {'is paused already' if source.started_at else 'was never started'}")
        return await deliveries.waiting(conn, name)

    waiting = _on_database(work)
    tell(
        f"{name} is paused: what it says is kept and looked at; not read yet: {waiting}",
        "What was recorded before goes on leaving; notyet hold keeps all of that back too.",
        f"    notyet sources check {name}    says what waits, and what would leave",
        f"    notyet sources start {name}    lets it count again, with all that waited",
    )


def speaks(
    name: Name,
    who: Annotated[Speaks, typer.Argument(help="us: our letter; question: that alone.")],
    vacancy: Annotated[
        str | None, typer.Option(help="Of one vacancy alone, by its id there.")
    ] = None,
) -> None:
    """Say who tells people no. What was recorded before stays as it was."""

    async def work(conn: asyncpg.Connection) -> bool:
        source = (await _of(conn, name)).source
        if vacancy is None:
            await store.speak(conn, name, who)
        else:
            await store.speak_of(conn, name, vacancy, who)
        return source.is_live

    counts = _on_database(work)
    where = f"for vacancy {vacancy} in {name}" if vacancy else f"in {name}"
    whom = "from now on" if counts else "who are not recorded yet, also before now"
    console.print(f"To those turned down {where} {whom}: {VOICES[who].words}")
    if not counts:
        _tell_to_check(name)


def map_word(
    name: Name,
    kind: Annotated[str, typer.Argument(help="Which words, as sources check names them.")],
    word: Annotated[str, typer.Argument(help="The word as that system has it.")],
    meaning: Annotated[str | None, typer.Argument(help="What it means; none to forget it.")] = None,
) -> None:
    """Say what a word of a source means, such as a rejection reason's."""

    async def work(conn: asyncpg.Connection) -> bool:
        source = (await _of(conn, name)).source
        adapter = SYSTEMS[source.system]
        if kind not in adapter.options.model_fields:
            kinds = ", ".join(adapter.options.model_fields) or "nothing"
            fail(f"Of {source.system} these can be mapped: {kinds}")
        words = {known: it for known, it in source.options.get(kind, {}).items() if known != word}
        given = {**source.options, kind: words | ({word: meaning} if meaning else {})}
        try:
            options = adapter.options.model_validate(given)
        except ValidationError as error:
            fail(f"{meaning} is no meaning of {kind}: {error.errors()[0]['msg']}")
        await store.set_options(conn, name, options.model_dump(mode="json", exclude_defaults=True))
        return source.is_live

    if _on_database(work):
        console.print("That holds from now on. What is recorded stays as it was; what nothing was")
        console.print(f"made of is read again by: notyet deliveries replay --source {name}")
    else:
        console.print("That holds for all that came and comes.")
        _tell_to_check(name)


def rotate(
    name: Name,
    end_former: Annotated[
        bool, typer.Option("--end-former", help="Make none: end the one before the newest.")
    ] = False,
    given: Given = False,
) -> None:
    """Make a new secret and print it; the one before it works until it is ended, or the next."""
    if end_former and given:
        fail("Give a secret first, and end the former once it is known to work")
    settings = configured(Settings)
    theirs = given_secret() if given else None

    async def work(conn: asyncpg.Connection) -> tuple[Adapter[Any], str]:
        adapter = SYSTEMS[(await _of(conn, name)).source.system]
        secret = theirs or adapter.new_secret()
        if end_former:
            await store.end_former(conn, name)
        else:
            await store.rotate(conn, name, secret, settings.seal())
        return adapter, secret

    adapter, secret = answered(with_database(settings.database("intake"), work))
    if end_former:
        console.print(f"Of {name} only the newest secret works, within seconds")
        return
    if given:
        tell(f"{name} takes what is signed with it, within seconds")
    else:
        _tell_setup(settings, name, adapter, secret)
    tell("", f"Once nothing is signed with the former: notyet sources rotate {name} --end-former")


def token(
    name: Name,
    url: Annotated[
        str | None, typer.Option(help="Where its API is, if not where it is for everybody.")
    ] = None,
) -> None:
    """Let a source's API be used: the token is asked for, or read from standard input."""
    if url is not None and not is_api_url(url):
        fail(NO_API_URL)
    settings, given = configured(Settings), given_secret("Token")

    async def work(conn: asyncpg.Connection) -> None:
        source = (await _of(conn, name)).source
        if source.system not in APIS and source.system not in NOTES:
            fail(f"What {source.system} calls us with says it all: its API is not read")
        if source.system in APIS and not (url or APIS[source.system].url):
            fail(f"Each account of {source.system} has an API of its own: say where, by --url")
        await store.set_token(conn, name, given, url and url.rstrip("/"), settings.seal())

    answered(with_database(settings.database("intake"), work))
    console.print(f"The API of {name} is used with it from now on; see: sources check {name}")


def notes(
    name: Name,
    on: Annotated[bool, typer.Option("--on/--off", help="They are off until somebody says so.")],
) -> None:
    """Let what becomes of a source's applicants be noted in it: each thing once, in a few words."""
    now = configured(Settings).clock().now()

    async def work(conn: asyncpg.Connection) -> Registered:
        registered = await _of(conn, name)
        if registered.source.system not in NOTES:
            fail(f"Notes can be written in {', '.join(NOTES)}; any other: webhooks add --help")
        if on:
            await outgoing.write_notes(conn, name, now)
        else:
            await outgoing.write_no_notes(conn, name)
        return registered

    registered = _on_database(work)
    if not on:
        console.print(f"Nothing is noted in {name} any more")
        return
    console.print(f"What becomes of applicants is noted in {name} from now on; see: webhooks list")
    if registered.api.token is None:
        tell(f"As soon as there is a token: notyet sources token {name}")
    tell(f"It needs {NOTES[registered.source.system].key}.")


def _tell_setup(settings: Settings, name: str, adapter: Adapter[Any], secret: str) -> None:
    url = f"{settings.public_url.rstrip('/')}/v1/webhooks/{name}"
    tell(*(line.format(url=url, secret=secret, name=name) for line in adapter.setup))


def _tell_to_check(name: str) -> None:
    console.print(f"    notyet sources check {name}    says what would be made of it")


def _understanding(settings: Settings) -> Understanding:
    return Understanding(settings.quarantine(), settings.receiving(), settings.identity())


async def _of(conn: asyncpg.Connection, name: str) -> Registered:
    known = await store.every(conn)
    if name not in known:
        fail(f"There is no source {name}; see: sources list")
    return known[name]


def _on_database(work: Callable[[asyncpg.Connection], Awaitable[Result]]) -> Result:
    return answered(with_database(configured(Settings).database("intake"), work))


def _state(registered: Registered) -> str:
    if registered.source.paused_at:
        return "paused"
    return "counts" if registered.source.is_live else "looked at"


def _listed(row: Row) -> tuple[Iterable[object], Iterable[object]]:
    two = ["two secrets work: see sources rotate --help"] if row["secrets"] > 1 else []
    return (row["name"], row["system"], row["state"], f"no is told by: {row['speaks']}"), two
