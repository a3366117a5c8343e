"""The notifier's command line: `python -m services.notifier run`."""

from services.notifier.app import build
from services.notifier.commands import add_commands
from services.notifier.commands_templates import template
from services.notifier.settings import Settings
from shared.runtime.service_commands import service_commands

app = service_commands("notifier", Settings, build)
add_commands(app)
app.add_typer(template, name="template")

if __name__ == "__main__":
    app()
