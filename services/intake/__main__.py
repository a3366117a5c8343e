"""`python -m services.intake`: runs the service, and its operators' commands."""

from services.intake.app import build
from services.intake.commands import add_commands
from services.intake.settings import Settings
from shared.runtime.service_commands import service_commands

app = service_commands("intake", Settings, build)
add_commands(app)

if __name__ == "__main__":
    app()
