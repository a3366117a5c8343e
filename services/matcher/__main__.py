"""The matcher's command line: `python -m services.matcher run`."""

from services.matcher.app import build
from services.matcher.commands import add_commands
from services.matcher.settings import Settings
from shared.runtime.service_commands import service_commands

app = service_commands("matcher", Settings, build)
add_commands(app)

if __name__ == "__main__":
    app()
