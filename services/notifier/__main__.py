"""The notifier's command line: `python -m services.notifier run`."""

from typing import TYPE_CHECKING

from services.notifier.commands import add_commands
from services.notifier.commands_templates import template
from services.notifier.settings import Settings
from shared.runtime.service_commands import service_commands

if TYPE_CHECKING:
    from shared.runtime.service import Service


def _build(settings: Settings) -> "Service":
    """Puts the service together; only those commands that need it wait for what it imports."""
    from services.notifier.app import build

    return build(settings)


app = service_commands("notifier", Settings, _build)
add_commands(app)
app.add_typer(template, name="template")

if __name__ == "__main__":
    app()
