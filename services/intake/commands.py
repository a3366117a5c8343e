"""Intake's own commands: who may come in, what came, what people said, and what is held of them."""

import typer

from services.intake.applicants.commands import restate
from services.intake.applicants.people_commands import people_commands
from services.intake.consent.commands import consent_commands
from services.intake.deliveries.commands import deliveries_commands
from services.intake.imports.commands import import_file
from services.intake.keys.commands import keys_commands
from services.intake.outgoing.commands import webhooks_commands
from services.intake.privacy.commands import erase, privacy_commands
from services.intake.replies.commands import replies_commands
from services.intake.sources.commands import sources_commands


def add_commands(app: typer.Typer) -> None:
    """Adds intake's commands to those that every service has."""
    app.add_typer(keys_commands(), name="keys")
    app.add_typer(people_commands(), name="people")
    app.add_typer(replies_commands(), name="replies")
    app.add_typer(sources_commands(), name="sources")
    app.add_typer(deliveries_commands(), name="deliveries")
    app.add_typer(consent_commands(), name="consent")
    app.add_typer(privacy_commands(), name="privacy")
    app.add_typer(webhooks_commands(), name="webhooks")
    app.command("import")(import_file)
    app.command()(erase)
    app.command()(restate)
