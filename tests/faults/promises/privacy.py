"""Where people's names may be, and where none is left."""

from tests.faults.history import Story
from tests.faults.promises.doors import erased_people
from tests.faults.promises.verdict import Verdict

BLIND = {"scheduler", "matcher"}
"""The services that must not know who somebody is."""


def no_name_where_none_belongs(story: Story) -> Verdict:
    """Names are in no log, key or header, nor on streams or in tables without need of them."""
    verdict = Verdict("No name in logs, keys, headers, nor where nobody needs it")
    for line in story.of("record"):
        place = f"{line['topic']} {line['partition']}:{line['offset']}"
        verdict.case(f"{place} names somebody" if line["canaries"] else None)
    for log in story.of("log"):
        verdict.case(f"{log['name']}: {log['canaries'][0]}" if log["canaries"] else None)
    for table in story.of("names"):
        if table["schema"] in BLIND:
            verdict.case(f"{table['in_table']} names people" if table["people"] else None)
    return verdict


def nothing_of_the_erased(story: Story) -> Verdict:
    verdict = Verdict("No row of any table names somebody who was erased")
    erased = erased_people(story, {"ok"})
    for table in story.of("names"):
        found = erased.intersection(table["people"])
        verdict.case(f"{table['in_table']} names {len(found)} of them" if found else None)
    verdict.cases *= len(erased)
    return verdict
