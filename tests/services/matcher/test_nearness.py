"""A name of several words is meant where its words stand together, or nearly, in any language."""

import pytest

from services.matcher.domain.nearness import Words, together


def cited(name: str, sentence: str, language: str) -> list[str]:
    said = Words(sentence, language)
    spans = (said.places(first, last) for first, last in together(Words(name, language), said))
    return [sentence[begins:ends] for begins, ends in spans]


@pytest.mark.parametrize(
    ("name", "sentence", "language", "words"),
    [
        ("project management", "Led project management for two years", "english", None),
        ("project management", "Project managers meet", "english", "Project managers"),
        (
            "project management",
            "Managed the projects of two sites",
            "english",
            "Managed the projects",
        ),
        ("quality of care", "Raised the quality of their care", "english", ""),
        ("quality of care", "Raised the quality of care", "english", None),
        ("regional manager", "Regional Sales Manager", "english", "Regional Sales Manager"),
        ("regional manager", "Regional sales and stock manager", "english", ""),
        ("account manager", "Accounting Manager", "english", ""),
        ("gestión de proyectos", "Gestión de proyectos en Madrid", "spanish", None),
        ("gestion de projet", "Gestion de projets à Lyon", "french", "Gestion de projets"),
        ("medizinische Pflege", "in der medizinischen Pflege tätig", "german", None),
        ("Entwicklung von Software", "Entwicklung der Software", "german", None),
        ("病棟看護", "病棟看護の経験", "english", None),
    ],
)
def test_words_are_cited_where_they_mean_the_name(
    name: str, sentence: str, language: str, words: str | None
) -> None:
    found = cited(name, sentence, language)
    if words == "":
        assert found == []
    elif words:
        assert found[0] == words
    else:
        assert found


def test_a_long_sentence_is_looked_through_in_linear_time() -> None:
    long = "project work plan " * 4000
    assert cited("project management", long, "english") == []
