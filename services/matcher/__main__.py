"""The matcher's command line: `python -m services.matcher run`."""

from typing import TYPE_CHECKING

from services.matcher.commands import add_commands
from services.matcher.settings import Settings
from shared.runtime.service_commands import service_commands

if TYPE_CHECKING:
    from shared.runtime.service import Service


def _build(settings: Settings) -> "Service":
    """Puts the service together; only those commands that need it wait for what it imports."""
    from services.matcher.app import build

    return build(settings)


app = service_commands("matcher", Settings, _build)
add_commands(app)

if __name__ == "__main__":
    app()
