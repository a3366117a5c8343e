"""A person as each system may know them: by what it told of them itself, and their own word."""

from shared.contract.events.candidates import CandidateChanged


def views(state: CandidateChanged) -> dict[str, CandidateChanged]:
    """Returns, by source, what each of several that turned somebody down may know of them.

    Whom one source alone turned down it knows as those do who may search everybody.
    """
    if len(set(state.sources)) < 2:
        return {}
    return {source: _as_known_to(source, state) for source in state.sources}


def _as_known_to(source: str, state: CandidateChanged) -> CandidateChanged:
    own = [rejection for rejection in state.rejections if rejection.source == source]
    return state.model_copy(update={"sources": [source], "rejections": own})
