"""The scheduler's command line: `python -m services.scheduler run`."""

from services.scheduler.app import build
from services.scheduler.commands import add_commands
from services.scheduler.settings import Settings
from shared.runtime.service_commands import service_commands

app = service_commands("scheduler", Settings, build)
add_commands(app)

if __name__ == "__main__":
    app()
