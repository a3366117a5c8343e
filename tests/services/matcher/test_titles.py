"""Whether a title names the work that is asked for, or another with some of the same words."""

import pytest

from services.matcher.domain.titles import same_work


@pytest.mark.parametrize(
    ("held", "asked"),
    [
        ("Construction Manager", "construction management"),
        ("Senior Road Construction Manager", "construction management"),
        ("Construction Site Manager", "construction management"),
        ("Construction Project Manager", "construction management"),
        ("Project & Construction Manager", "construction management"),
        ("Manager of Construction", "construction management"),
        ("Construction Manager, Materials Testing", "construction management"),
        ("Sales and Marketing Manager", "sales management"),
        ("Restaurant General Manager", "restaurant management"),
        ("HR & Safety Manager", "human resources management"),
        ("Responsable de projet", "responsable projet"),
    ],
)
def test_a_title_is_the_work_that_its_words_name_together(held: str, asked: str) -> None:
    assert same_work(held, asked)


@pytest.mark.parametrize(
    ("held", "asked"),
    [
        (
            "Construction Materials Testing Lab Manager/Lead Technician",
            "construction management",
        ),
        ("Construction Safety Manager", "construction management"),
        ("Manager of Construction Materials Testing", "construction management"),
        ("Accounts Payable Manager", "account management"),
        ("Data Entry Analyst", "data analysis"),
    ],
)
def test_a_word_between_them_makes_it_another_work(held: str, asked: str) -> None:
    assert not same_work(held, asked)


@pytest.mark.parametrize(
    ("held", "asked"),
    [
        ("Adult Education Teacher", "teaching"),
        ("High School Mathematics Teacher", "teaching"),
        ("Long Haul Truck Driver", "driving"),
        ("Teacher of Mathematics", "teaching"),
        ("Driver II", "driving"),
        ("Welder", "welding"),
        ("Head Baker", "baking"),
        ("Video Editor", "editing"),
        ("Programmer", "programming"),
        ("Event Planner", "event planning"),
        ("Lead Cook", "cooking"),
        ("Teaching", "teacher"),
    ],
)
def test_whoever_does_something_is_named_by_what_they_do(held: str, asked: str) -> None:
    assert same_work(held, asked)


@pytest.mark.parametrize(
    ("held", "asked"),
    [
        ("Career Advisor", "caring"),
        ("Car Seller", "caring"),
        ("Direct Care Worker", "director of care"),
        ("Mathematics Teacher", "mathematics training"),
        ("Teacher Training Accountant", "teaching"),
        ("Teacher Aide", "teaching"),
        ("Driver Recruiter", "driving"),
        ("Production Counter", "county"),
    ],
)
def test_a_word_that_only_begins_like_an_activity_does_not_name_it(held: str, asked: str) -> None:
    assert not same_work(held, asked)
