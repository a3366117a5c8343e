"""`replies`: what people wrote that a human has to read."""

from typing import Annotated

import typer

from services.intake.replies import store as replies
from services.intake.replies.looking import look
from services.intake.settings import Settings
from shared.runtime.command_line import answered, configured, console, errors, with_database

SHOWN = 50
_WORDLESS = {
    "sms_replied": "(several people share the number: see your provider)",
    "mail_replied": "(a mail without words of their own; files are not kept)",
}


def replies_commands() -> typer.Typer:
    """Returns the commands that show what people wrote, and end their wait."""
    commands = typer.Typer(
        help="What people wrote, by mail, text message or on their page, that a human has to read.",
        no_args_is_help=True,
    )

    @commands.command("list")
    def list_replies() -> None:
        """Show who wrote what; nothing leaves to whoever wrote by mail or text and was not read."""
        database = configured(Settings).database("intake")
        rows = answered(
            with_database(
                database,
                lambda conn: replies.unread(conn, SHOWN),
                lambda rows: [row["candidate_id"] for row in rows],
            )
        )
        if not rows:
            console.print("Nobody waits for an answer.")
        for row in rows:
            console.print(f"{row['candidate_id']}  since {row['since']:%Y-%m-%d %H:%M %Z}")
            for text in [*row["texts"], *map(_WORDLESS.__getitem__, row["wordless"])]:
                console.print(f"    {text}")
            if row["is_cut"]:
                console.print("    (there was more, which is not kept)")

    @commands.command()
    def looked(
        candidate: Annotated[str, typer.Argument(help="The id, as list shows it.")],
        stop: Annotated[bool, typer.Option("--stop", help="They asked for silence.")] = False,
    ) -> None:
        """Say that a human has read what somebody wrote: messages may leave again.

        With --stop, no text message leaves any more to who wrote one; to who wrote by mail or on
        their page, nothing at all does.
        """
        settings = configured(Settings)
        now, database = settings.clock().now(), settings.database("intake")
        found = answered(
            with_database(database, lambda conn: look(conn, candidate, now, stop=stop), set)
        )
        if not found:
            errors.print(f"{candidate} does not wait for anybody; see: replies list")
            raise typer.Exit(1)
        console.print("They are written to no more." if stop else "They may be written to again.")

    return commands
