"""Who takes part in the half-year: one person for each thing that there is to look at."""

from dataclasses import replace

from deploy.local.demo.personas import (
    ENGINEER,
    MANAGER,
    NURSE,
    SENIOR_ENGINEER,
    Application,
    Attitude,
    Opening,
    Person,
)


def _person(number: int, name: str, phone: str | None = None) -> Person:
    given, family = name.split()
    by_sms = phone is not None
    return Person(number, given, family, "Europe/Vienna", "AT", Attitude.EAGER, phone, by_sms)


LENA = _person(1, "Lena Fischer")
NORA = _person(2, "Nora Berg")
NILS = _person(3, "Nils Hansen")
KIM = _person(4, "Kim Larsen")
QUIN = _person(5, "Quin Leroy")
CARL = _person(6, "Carl Bauer")
RENA = _person(7, "Rena Kovac")
PAULA = _person(8, "Paula Rossi")
STAN = _person(9, "Stan Dvorak")
EDDA = _person(10, "Edda Lindqvist")
WALT = _person(11, "Walt Keller")
ROSA = _person(12, "Rosa Lima")
THEO = _person(13, "Theo Papadakis")
IVAN = _person(14, "Ivan Petrov")
INES = _person(15, "Ines Duarte")
IRIS = _person(16, "Iris Holm")
IGOR = _person(17, "Igor Novak")
EVA = _person(18, "Eva Braun")
FINN = replace(_person(19, "Finn Ostrow"), zone="America/New_York", country="US")
"""It is night where he is while the others work: what is approved for him can be taken back."""
SAMI = _person(20, "Sami Virtanen", phone="+436601000001")

ENGINEERS = (IVAN, INES, IRIS, IGOR, EVA, FINN, SAMI)

STREAMING = SENIOR_ENGINEER
BILLING = replace(
    ENGINEER, vacancy_id="billing", title="Data Engineer, Billing", recruiter="Maya Berger"
)
ARCHIVE = replace(
    ENGINEER, vacancy_id="archive", title="Data Engineer, Archive", recruiter="Maya Berger"
)
PLATFORM = replace(ENGINEER, vacancy_id="platform", title="Data Engineer, Platform")
CARDIOLOGY = replace(NURSE, vacancy_id="cardiology", title="Ward Nurse, Cardiology")
PASTRY = Opening(
    vacancy_id="pastry",
    title="Pastry Chef",
    description="Bake bread, cakes and tarts from four in the morning.",
    skills=["baking", "chocolate"],
    locality="Vienna",
    country="AT",
    recruiter="Hanna Gruber",
    field_of_work="pastry",
    months_needed=12,
)

APPLICATIONS = (
    Application(LENA, NURSE, "not_yet", months=9),
    Application(NORA, NURSE, "not_yet", months=20),
    Application(NILS, NURSE, "not_yet", months=30),
    Application(KIM, NURSE, "no"),
    Application(QUIN, NURSE, "runner_up", place=2, months=60),
    Application(CARL, NURSE, "runner_up", place=3, months=48),
    Application(RENA, NURSE, "runner_up", place=4, months=40),
    Application(PAULA, NURSE, "not_yet", months=15),
    Application(STAN, NURSE, "not_yet", months=12),
    Application(EDDA, NURSE, "not_yet", months=12),
    Application(WALT, NURSE, "not_yet", months=12),
    Application(ROSA, MANAGER, "runner_up", place=2, months=72),
    Application(THEO, MANAGER, "runner_up", place=3, months=60),
    Application(IVAN, ENGINEER, "runner_up", place=2, months=60),
    Application(INES, ENGINEER, "runner_up", place=3, months=60),
    Application(SAMI, ENGINEER, "runner_up", place=4, months=48),
    Application(IRIS, ENGINEER, "not_yet", months=35),
    Application(IGOR, ENGINEER, "not_yet", months=30),
    Application(EVA, ENGINEER, "not_yet", months=24),
    Application(FINN, ENGINEER, "not_yet", months=12),
)
