"""`restate`: all states are published again."""

from collections.abc import Callable

from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from services.intake.applicants.republishing import republish_everything
from services.intake.settings import Settings
from shared.runtime.command_line import answered, configured, console, started


def restate() -> None:
    """Publish all states and tombstones again, for a reader or topic that has lost them."""
    settings = configured(Settings)
    columns = (SpinnerColumn(), TextColumn("{task.completed:,} said again"), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("restate", total=None)
        answered(_restate(settings, lambda count: progress.advance(task, count)))


async def _restate(settings: Settings, told: Callable[[int], None]) -> None:
    async with started(settings.database("intake")) as database:
        await republish_everything(database, settings.clock().now(), told)
