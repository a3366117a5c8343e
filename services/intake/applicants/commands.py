"""`restate`: all states are published again."""

from collections.abc import Callable
from functools import partial

from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from services.intake.applicants.republishing import republish_everything
from services.intake.settings import Settings
from services.intake.vacancies.handlers import VacancyRecorder
from shared.runtime.command_line import answered, configured, console, started


def restate() -> None:
    """Publish all states and tombstones again, for a reader or topic that has lost them."""
    settings = configured(Settings)
    columns = (SpinnerColumn(), TextColumn("{task.completed:,} said again"), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("restate", total=None)
        answered(_restate(settings, partial(progress.advance, task)))


async def _restate(settings: Settings, told: Callable[[int], None]) -> None:
    vacancies = VacancyRecorder(settings.source_policy())
    async with started(settings.database("intake")) as database:
        await republish_everything(database, settings.clock().now(), vacancies, told)
