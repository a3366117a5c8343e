"""Keeps tags in other systems true, where operators say what stands for what: beside the notes."""

from collections.abc import Mapping
from typing import Final

from services.intake.deliveries.api_client import Wrong
from services.intake.deliveries.apis import SourceApi
from services.intake.sources.domain import Source
from services.intake.webhooks.notes import NoteOn, Notes
from services.intake.webhooks.systems import SYSTEMS
from services.intake.webhooks.words import Tags
from shared.contract.events.responses import Notable

_WISHES = (Notable.INTERESTED, Notable.NOT_NOW, Notable.HAS_IT_NOW)
_ENDS: Final[Mapping[str, tuple[Notable, ...]]] = {
    Notable.HAT_YES: (Notable.HAT_NO, Notable.STOPPED),
    Notable.HAT_NO: (Notable.HAT_YES, *_WISHES),
    Notable.INTERESTED: (Notable.NOT_NOW,),
    Notable.NOT_NOW: (Notable.INTERESTED,),
    Notable.STOPPED: (Notable.HAT_YES, *_WISHES),
    Notable.ERASED: tuple(what for what in Notable if what is not Notable.ERASED),
}
"""What is true no more once something else is."""


async def write_tags(api: SourceApi, source: Source, notes: Notes, on: NoteOn, what: str) -> None:
    """Puts the tag of what happened, and takes away those of what that ends.

    Raises as the client does, and Wrong for a tag that is not taken.
    """
    tags = _tags(source)
    for ended in (tags[it] for it in _ENDS.get(what, ()) if it in tags):
        await _write(api, notes, on, ended, is_on=False)
    if what in tags and not await _write(api, notes, on, tags[what], is_on=True):
        raise Wrong(f"its API does not take the tag of {what}: sources map {source.name} tags")


async def _write(api: SourceApi, notes: Notes, on: NoteOn, tag: str, *, is_on: bool) -> bool:
    """Tells whether it was taken: what is not there cannot be taken away everywhere."""
    post = notes.tag(on, tag, is_on=is_on)
    if post is None:
        return True
    try:
        answer = await api.write(post)
    except Wrong:
        return False
    return answer is not None and notes.problem(answer) is None


def _tags(source: Source) -> Mapping[str, str]:
    options = SYSTEMS[source.system].options.model_validate(source.options)
    return options.tags if isinstance(options, Tags) else {}
