"""`restate`: all states are published again."""

from collections.abc import Callable
from functools import partial

from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from services.intake.app import build
from services.intake.applicants.republishing import republish_everything
from services.intake.settings import Settings
from services.intake.vacancies.handlers import VacancyRecorder
from shared.runtime.command_line import answered, configured, console
from shared.runtime.service import Service


def restate() -> None:
    """Publish all states and tombstones again, for a reader or topic that has lost them."""
    settings = configured(Settings)
    service, vacancies = build(settings), VacancyRecorder(settings.source_policy())
    columns = (SpinnerColumn(), TextColumn("{task.completed:,} said again"), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("restate", total=None)
        told = partial(progress.advance, task)
        answered(_restate(service, vacancies, told))


async def _restate(
    service: Service, vacancies: VacancyRecorder, told: Callable[[int], None]
) -> None:
    await service.database.start()
    try:
        await republish_everything(service.database, service.clock.now(), vacancies, told)
    finally:
        await service.database.stop()
