"""Who in a file has the id of somebody else: of two people by one id intake refuses the later."""

from secrets import token_hex

from services.intake.applicants.domain.identity import SHORTEST_KEY, IdentityHash
from services.intake.applicants.domain.normalisation import Normaliser
from services.intake.applicants.domain.people import are_strangers
from services.intake.applicants.domain.register import PERSONAL_DATA_JSON
from services.intake.applicants.handlers import ANOTHER_PERSON
from services.intake.applicants.store.people import as_json
from shared.contract.events.cloudevents import Event
from shared.contract.events.details import Fault


class IdsOfFile:
    """Whom the rows of a file have told of, as the record would know them."""

    def __init__(self, country: str) -> None:
        self._normaliser = Normaliser(IdentityHash(token_hex(SHORTEST_KEY)), country)
        self._known: dict[str, str] = {}
        """Written down, for that takes a tenth of the memory, and a file may be long."""

    def of_another(self, event: Event) -> list[Fault]:
        """Returns why a rejection would be refused for whom others by its id are about, if so."""
        said = self._normaliser.normalise(event, 0).person
        if event.key in self._known:
            known = PERSONAL_DATA_JSON.validate_json(self._known[event.key])
            if are_strangers(known, said):
                return [Fault("applicant.applicantId", ANOTHER_PERSON.detail)]
            said = known.joined(said)
        self._known[event.key] = as_json(said)
        return []
