import pytest

from tests.services.intake.house import House
from tests.services.intake.shortlisting import keep, place


@pytest.fixture
async def shortlist(house: House) -> House:
    """Ada, who agreed to hear of similar openings, on a shortlist for Rita's vacancy."""
    await house.add_vacancy()
    await house.add_candidate()
    await house.add_rejection()
    await house.add_consent("ada")
    await keep(house, [place("ada", 1)])
    return house
