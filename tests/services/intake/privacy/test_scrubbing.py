import json
import unicodedata
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.privacy.domain.folding import fold
from services.intake.privacy.domain.scrubbing import Scrubber, scrub_note
from services.intake.privacy.domain.scrubbing import scrub_profile as scrub_changed
from services.intake.privacy.domain.spans import within
from shared.contract.events.applications import MOST_OF_A_NOTE
from shared.contract.events.profile import Profile, Skill, Work

JANE = ("Jane Baker", "jane.baker@mail.example", "+49 151 23456789")


def full(schema: dict[str, Any], defs: dict[str, Any]) -> Any:
    """Returns what fills every text of a schema with addresses, as far as it may be filled."""
    schema = schema.get("anyOf", [schema])[0]
    schema = defs[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    match schema["type"]:
        case "object":
            return {name: full(field, defs) for name, field in schema["properties"].items()}
        case "array":
            return [full(schema["items"], defs)]
        case "string":
            return "2024" if "pattern" in schema else ("a@b.at " * 60_000)[: schema["maxLength"]]
    return False


def scrub_profile(profile: Profile, names: Sequence[str]) -> str:
    body = profile.model_dump_json(by_alias=True, exclude_defaults=True)
    return scrub_changed(profile, body, names) or body


GOES = [
    ("the name", "Jane Baker wrote this", "[name] wrote this"),
    ("in capitals, over two lines", "JANE\nBAKER\nHamburg", "[name]\nHamburg"),
    ("in small letters", "signed: jane baker", "signed: [name]"),
    ("turned round", "Baker, Jane", "[name]"),
    ("with a name between", "Jane Elizabeth Baker", "[name]"),
    ("with an initial between", "Jane E. Baker", "[name]"),
    ("behind an initial", "by J. Baker", "by [name]"),
    ("behind a title", "for Mrs Baker", "for [name]"),
    ("one part of it", "Jane's team", "[name]'s team"),
    ("addresses, also others'", "jane@x.example or boss@y.example", "[address] or [address]"),
    ("links", "see https://jane.example/cv and www.x.example", "see [link] and [link]"),
    ("profiles", "linkedin.com/in/janebaker", "[link]"),
    ("the number, spelt otherwise", "Tel. 0151 / 234 567-89.", "Tel. [number]."),
    ("addresses that hide", "jane (at) x.example, boss[at]x[dot]example", "[address], [address]"),
    ("links without a scheme", "GitHub.com/jb, x.com/jb, janebaker.dev", "[link], [link], [link]"),
    (
        "what they call themselves",
        "in/janebaker, @jane_baker, jbaker85.example",
        "[link], [link], [link]",
    ),
    ("behind a label", "Skype: jb.works | Twitter: @jbw", "Skype: [link] | Twitter: [link]"),
    ("the number, with other blanks", "0151\u00a023\u202f45\u00a067\u00a089", "[number]"),
    ("the number, with other dashes", "0151\u201123\u00b745\u00b767–89", "[number]"),
    ("the number, in other digits", "٠١٥١ ٢٣٤٥٦٧٨٩", "[number]"),
    ("the number, over two lines", "0151 2345\n6789 mobile", "[number] mobile"),
    ("the number, from abroad", "+49 (0)151 23456789", "[number]"),
    ("glued together", "by JaneBaker", "by [name]"),
    ("with its letters spaced", "J A N E  B A K E R", "[name]"),
    ("with what nobody sees in it", "Ja\u00adne Ba\u200bker", "[name]"),
    ("where they live", "Lange Straße 12, 10115 Berlin; 5 Oak Lane", "[address]; [address]"),
    ("when they were born", "Date of birth: 1 March 1985\nborn in 1985", "[personal]\n[personal]"),
    ("what they believe", "Religion: Catholic; I am a practising Jew", "[personal]; [personal]"),
    ("what ails them", "I have a disability. GdB 50", "[personal]. [personal]"),
    ("any international number", "call +44 20 7946 0018 now", "call [number] now"),
]
STAYS = [
    "a baker who bakes for a bakery",
    "2015 - 2018, then 2019-2020; 12,000 units, 98.5 %",
    "order 12345678, 151 boxes of 49",
    "C++ / C# @ home",
    "Node.js/Express, ASP.NET/C#, Socket.io, D3.js, TCP/IP, 24/7, and/or",
    "01/2015 - 03/2018, 04.2018 – 12.2021, 2019-2020 2021 2022, ISO 27001:2013, v3.11.7",
    "the road to 1st place; 12 people in court; 30 minute drive; 2014 Way of Work",
    "disability services for a Catholic charity; religious education; a born leader aged 6 to 12",
    "@Override, @media, Facebook ads: 12, GitHub: CI and CD",
    "z.B. 3 Sprachen, e.g. C. elegans",
    "",
]


@pytest.mark.parametrize(("what", "text", "left"), GOES, ids=[case[0] for case in GOES])
def test_who_somebody_is_goes(what: str, text: str, left: str) -> None:
    assert Scrubber(JANE).scrub(text) == left


@pytest.mark.parametrize("text", STAYS)
def test_what_somebody_can_do_stays(text: str) -> None:
    assert Scrubber(JANE).scrub(text) == text


def test_a_name_that_is_a_trade_keeps_the_trade() -> None:
    profile = Profile(
        work=[Work(position="Baker", summary="Baker in charge of bread, as Jane Baker is known")],
        resume_text="Jane Baker\nBaker since 2015",
    )
    scrubbed = json.loads(scrub_profile(profile, JANE))
    assert scrubbed["work"][0]["position"] == "Baker"
    assert scrubbed["work"][0]["summary"].startswith("Baker in charge of bread, as [name]")
    assert scrubbed["resumeText"] == "[name]\nBaker since 2015"


def test_a_name_that_is_a_word_in_the_same_text_keeps_the_word() -> None:
    text = "I will lead. Will it work? Will Mark Moss wrote this."
    assert Scrubber(["Will Mark Moss"]).scrub(text) == (
        "I will lead. Will it work? [name] wrote this."
    )


def test_a_note_keeps_the_words_of_its_vacancy() -> None:
    assert scrub_note("Cook is a good Cook", ["Ann Cook"], "Cook") == "Cook is a good Cook"
    assert scrub_note("Ann Cook is a good Cook", ["Ann Cook"], "Cook") == "[name] is a good Cook"


@pytest.mark.parametrize(
    "text",
    [
        "Date of birth – 3rd May, 1990",
        "Date of Birth — 03.05.1990",
        "Date of birth - May 3, 1990",
        "Born: May 3rd 1990",
        "born on the 3rd of May 1990",
        "Geb.-Dat.: 03.05.1990",
        "Geb. Datum 03.05.1990",
    ],
)
def test_a_day_of_birth_is_known_however_it_is_written(text: str) -> None:
    assert "1990" not in Scrubber([]).scrub(f"Cook\n{text}\nWaiter since 2015")
    assert Scrubber([]).scrub("Cook - May 1990") == "Cook - May 1990"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Hauptstraße 5/2/12, 4020 Linz",
            "Linzer Straße 12/4",
            "Linzer Straße 12/Top 4, 4020 Linz",
        ),
        *("Landstraßer Hauptstraße 71/1/309, 1030 Wien", "Mariahilfer Str. 88a/2/14, 1070 Wien"),
        *("Favoritenstr. 88/Stg. 2/Top 14", "Praterstr. 12, Stiege 2, Tür 5, 1020 Wien"),
        *(
            "Am Graben 3/7, 1010 Wien",
            "Kohlmarkt 4/2/12, 1010 Wien",
            "Lange Gasse 5/I/Top4",
            "Burggasse 10/EG/2",
        ),
        *("Calle Mayor 3, 2ºB, 28013 Madrid", "Calle Sol 5, Esc. 2, 3º A, 08001 Barcelona"),
    ],
)
def test_an_address_goes_with_its_staircase_and_door(text: str) -> None:
    assert Scrubber([]).scrub(f"Cook\n{text}\nWaiter") == "Cook\n[address]\nWaiter"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "*03.05.1990",
            "* 3. Mai 1990 in Linz",
            "Nacida el 3 de mayo de 1990",
            "né le 1er mai 1990",
        ),
        *(
            "D.O.B. 1990-05-03",
            "Geb. 3. Mai 90",
            "Nacimiento: 03/05/1990",
            "nato il 1° maggio 1990",
        ),
        *(
            "Geburtsjahr: 1990",
            "Année de naissance : 1990",
            "née en 1990",
            "Nació el 3 de mayo de 1990",
        ),
        *(
            "Religionsbekenntnis: evangelisch",
            "Glaubensbekenntnis: röm.-kath",
            "Religión: católica",
        ),
        *("geboren in Wien am 3.5.1990", "Née à Lyon le 3 mai 1990", "★ 3.5.1990"),
        *("Croyance : musulmane", "Je suis musulmane", "Soy católico", "Sono ebrea"),
    ],
)
def test_birth_and_belief_are_known_in_four_languages(text: str) -> None:
    assert Scrubber([]).scrub(f"Cook\n{text}\nWaiter") == "Cook\n[personal]\nWaiter"


@pytest.mark.parametrize(
    "text",
    [
        *("24/7 support", "auf dem Weg 24/7", "Platz 3/10 beim Rennen", "Straße 12/2019 gebaut"),
        *(
            "Projekt 10/15, 2000 Mitarbeiter",
            "Version 5/6, 4020 Nutzer",
            "Release 5/2/12, 4020 builds",
        ),
        *(
            "* 01.03.2015 - 31.12.2017 Baker",
            "* 01.03.2015: Baker",
            "* 3. Mai 2019 started",
            "3 * 4",
        ),
        *(
            "Religionslehrer seit 2015",
            "Glaube an Teamarbeit",
            "Jahrgang 2010 der HTL",
            "*args, 2019",
        ),
        *(
            "NIR spectroscopy 1 20 300",
            "Stock 12 items",
            "Naissance d'un projet 2019",
            "Top 4 finish",
        ),
    ],
)
def test_what_only_looks_like_where_or_when_somebody_was_born_stays(text: str) -> None:
    assert Scrubber([]).scrub(text) == text


GAPS = ("\t", "      ", " | ", "\n", ":\n", ":          ", " - ", " ....... ", " → ", ";")
"""What keeps a label and its value apart in a table, as it is read from a file."""


@pytest.mark.parametrize("gap", GAPS)
@pytest.mark.parametrize(
    ("label", "value"),
    [
        *(("Geburtsdatum", "03.05.1990"), ("Geburtsdatum, -ort", "3.5.1990, Linz")),
        *(("Place of birth", "Leeds"), ("Date de naissance", "3 mai 1990"), ("Geburtsort", "Linz")),
        *(("Alter", "36"), ("Age", "36"), ("Edad", "36 años"), ("Kinder", "zwei")),
        *(("Religion", "römisch-katholisch"), ("Religión", "católica"), ("Konfession", "r.k.")),
        *(("Familienstand", "verheiratet, 2 Kinder"), ("Marital status", "Single")),
        *(("État civil", "mariée"), ("Estado civil", "soltera"), ("Stato civile", "nubile")),
        *(("Staatsbürgerschaft", "Österreich"), ("Nationality", "British"), ("Sexe", "F")),
        *(("Cittadinanza", "italiana"), ("Grad der Behinderung", "50 %"), ("Disability", "none")),
    ],
)
def test_a_label_in_a_table_takes_its_value_along(label: str, gap: str, value: str) -> None:
    table = f"Köchin\n{label}{gap}{value}\nKellnerin seit 2015"
    assert Scrubber([]).scrub(table) == "Köchin\n[personal]\nKellnerin seit 2015"
    one_row = f"Köchin\tSkills\t{label}{gap}{value}\tLinz"
    assert Scrubber([]).scrub(one_row) == "Köchin\tSkills\t[personal]\tLinz"


@pytest.mark.parametrize(
    "text",
    [
        *("Alter 36", "Age 36", "Nationality British", "Marital status married"),
        *("Religion evangelisch", "Geschlecht weiblich", "Staatsbürgerschaft Österreich"),
        *("My religion is Islam", "Mein Geburtsdatum ist der 3. Mai 1990"),
        *("Ich wurde am 3. Mai 1990 geboren", "Ich wurde 1990 in Linz geboren"),
        *("1990 in Linz geboren", "Geboren wurde ich 1990 in Linz", "I was born in Leeds"),
        *("Je suis né à Lyon en 1990", "Nací en Madrid en 1990", "Sono nata a Roma nel 1990"),
        *("36 years old", "36 Jahre alt", "aged 36", "I am 36", "J'ai 36 ans", "Ho 36 anni"),
        *("Ich bin eine 36-jährige", "I am a 36-year-old", "Ich bin Jahrgang 1990"),
        *("Ich bin Österreicherin", "I am a British citizen", "Je suis française", "Soy española"),
        *("Nigerian national", "österr. Staatsbürgerschaft", "Ich komme aus Syrien"),
        *("Ich besitze die kroatische Staatsbürgerschaft", "Je suis de nationalité belge"),
        *("Ich bin verheiratet und habe zwei Kinder", "I am married with two kids", "ledig"),
        *("Mutter von zwei Kindern", "I have three children", "Estoy casado", "Je suis mariée"),
        *("röm.-kath.", "evang. A.B.", "Ich bin Muslimin"),
        *("Ich bin zu 50% behindert", "Ich habe einen Behindertenausweis", "I am Roman Catholic"),
        *(
            "Born    3 May 1990",
            "Âgée de 36 ans",
            "Ich lebe in einer Partnerschaft",
            "36 years of age",
        ),
        *("I have a son", "Ich habe einen deutschen Pass", "I'm originally from Nigeria"),
    ],
)
def test_what_people_say_of_themselves_goes_as_they_say_it(text: str) -> None:
    assert Scrubber([]).scrub(f"Cook\n{text}\nWaiter") == "Cook\n[personal]\nWaiter"


@pytest.mark.parametrize(
    "text",
    [
        *("Religion teacher", "Religion\nMathematik\nDeutsch", "Religion | Ethik", "Gender\nLaw"),
        *("Nationality law", "Sex education", "Disability\nInclusion", "Kinder\nJugend"),
        *("Age 6-12", "Kinder im Alter von 3 bis 6 Jahren", "Age Concern\n2015", "Age Management"),
        *(
            "Ich bin Maler",
            "Ich bin Hausmeister",
            "I am a German teacher",
            "I am fluent in Turkish",
        ),
        *("Senior citizen care", "Austrian national champion", "British Airways"),
        *("20 Jahre Erfahrung", "30-jährige Erfahrung", "a 20-year-old codebase", "20 ans d'essai"),
        *("patients aged 65 and over", "Kinder, 6 Jahre alt", "Tengo 10 años de experiencia"),
        *("I have two children's books in print", "Father of the bride", "single point of contact"),
        *("Die Idee wurde 2015 geboren", "Geburtsvorbereitung", "Birthday parties for kids"),
    ],
)
def test_what_is_only_called_like_something_personal_stays(text: str) -> None:
    assert Scrubber([]).scrub(f"Cook\n{text}\nWaiter") == f"Cook\n{text}\nWaiter"


@pytest.mark.parametrize(
    "text",
    [
        *("Opernring 5, 1010 Wien", "Unter den Linden 5, 10117 Berlin", "Q7 24, 68161 Mannheim"),
        *("An der Mühle 3, 80331 München", "Haid 17, 4175 Herzogsdorf", "Graben 3, A-1010 Wien"),
        *(
            "Vodičkova 36, 110 00 Praha 1",
            "Marszałkowska 12/5, 00-590 Warszawa",
            "Au 3 b, 4020 Linz",
        ),
        *("Kossuth Lajos utca 5, 1053 Budapest", "1053 Budapest, Kossuth Lajos utca 5"),
        *(
            "Unter den Linden 5\n10117 Berlin",
            "Haid 17, Top 4\n4175 Herzogsdorf",
            "1010 Wien, Au 3",
        ),
        *(
            "Opernring 5 | 1010 Wien",
            "12 Le Bourg, 24200 Sarlat",
            "Zeil 5, 60313 Frankfurt am Main",
        ),
        *("Anschrift\tObere Au 7", "Address\nUnter den Linden 5\n10117 Berlin", "Wohnort   Linz"),
    ],
)
def test_an_address_is_told_by_its_form_whatever_its_street_is_called(text: str) -> None:
    assert Scrubber([]).scrub(f"Cook\n{text}\nWaiter") == "Cook\n[address]\nWaiter"


@pytest.mark.parametrize(
    "text",
    [
        *("5 years Java, 10000 users", "Koch, Alter Hof 3", "Version 5, 1010 tests passed"),
        *(
            "Linie 5, 1500 Passagiere",
            "Abteilung 3, 1200 Mitarbeiter",
            "Team of 5, 1000 Users",
            "12 Teams, 25000 Orders",
        ),
        *("May 3, 2019 London", "Mai 3, 2019 Wien", "March 2015, 1010 Vienna", "Graben 3"),
        *("2015 Wien, Hackathon 3", "2019-2021 Linz, Filialleitung", "Windows 10, 2000 Geräte"),
        *("Kurs 101, 2019 Statistik", "SAP Modul FI 2, 2018 Zertifikat", "Award 1, 2019 Berlin"),
        *("Schicht 3, 2400 Teile am Tag", "Halle 4, 2500 Quadratmeter", "Saal 2, 1500 Sitze"),
        *("Projekt Alpha 2, 2021 Einführung", "Logistik Zone 3, 4500 Kisten pro Tag"),
        *("Note 2\n2014 Koch", "Lehre mit Note 1\n2010 Hauptschule", "Filiale 3 2015 Linz"),
    ],
)
def test_what_is_counted_is_no_address(text: str) -> None:
    assert Scrubber([]).scrub(f"Cook\n{text}\nWaiter") == f"Cook\n{text}\nWaiter"


@pytest.mark.parametrize(
    "text", ["Bakers work", "Janes team", "𝐉𝐚𝐧𝐞 𝐁𝐚𝐤𝐞𝐫", "Mrs Bakers reference"]
)
def test_a_name_goes_in_the_genitive_and_in_letters_of_mathematics(text: str) -> None:
    assert Scrubber(JANE).scrub(text).startswith("[name]")
    assert Scrubber(JANE).scrub("Bakers and a baker") == "Bakers and a baker"


@pytest.mark.parametrize(
    "text", ["NIR 1 90 05 75 116 001 22", "N° de sécurité sociale : 2 85 12 2A 004 123 45"]
)
def test_the_number_of_somebody_insured_in_france_goes(text: str) -> None:
    assert Scrubber([]).scrub(f"Cook\n{text}") == "Cook\n[number]"


@pytest.mark.parametrize(
    "text",
    [
        "Passport no. C01X00T47",
        "Reisepass-Nr. C01X00T47",
        "Personalausweisnummer: L01X00T471",
        "SSN 123-45-6789",
        "Social Security Number: 123-45-6789",
        "NI number QQ 12 34 56 C",
        "Steuer-ID: 12 345 678 901",
        "Steuernummer: 12/345/67890",
        "Sozialversicherungsnummer 12 150780 J 009",
        "Codice fiscale: RSSMRA85T10A562S",
        "NIF: 12345678Z",
        "DE89 3704 0044 0532 0130 00",
        "GB29NWBK60161331926819",
    ],
)
def test_a_number_of_a_paper_or_an_account_goes(text: str) -> None:
    scrubbed = Scrubber(JANE).scrub(f"Led a team. {text}, since 2019")
    assert scrubbed == "Led a team. [number], since 2019"


@pytest.mark.parametrize(
    "text",
    [
        "Passport control in 2019 and 2020",
        "tax year 2019 to 2021",
        "Social security advisor 2015-2019",
        "DE12ABCD34EFGH56IJ78KL parts",
        "Driving licence 2008",
        "nie 2019 oder 2020",
    ],
)
def test_what_is_no_number_of_a_paper_stays(text: str) -> None:
    assert Scrubber(JANE).scrub(text) == text


@pytest.mark.parametrize("text", ["Mueller led the team", "MUELLER", "Oezil", "Frau Muller"])
@pytest.mark.parametrize("name", ["Anna Müller Özil", "ANNA MÜLLER ÖZIL", "anna müller özil"])
def test_a_surname_is_known_alone_though_it_is_spelt_out(name: str, text: str) -> None:
    assert "[name]" in Scrubber([name]).scrub(text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("José Müller", "Jose Mueller"),
        ("Jose Muller", "José Müller"),
        ("Jürgen Groß", "JÜRGEN GROSS"),
        ("Zoe\u0308 Brønsted", "Zoë Bronsted"),
        ("王伟", "王伟"),
        ("Αλέξης Παππάς", "ΑΛΈΞΗΣ ΠΑΠΠΆΣ"),
        ("jane baker", "Jane Baker"),
    ],
)
def test_a_name_is_known_in_every_spelling(name: str, text: str) -> None:
    assert Scrubber([name]).scrub(f"1. {text}: x") == "1. [name]: x"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Jane Baker 2", "Jane Baker"),
        ("Jane Baker (1985)", "JANE BAKER"),
        ("Jane Baker <jane@x.example>", "Baker, Jane"),
        ("Sean O'Brien", "Sean O’Brien"),
        ("Sean O’Brien", "O`Brien, Sean"),
        ("Sean OBrien", "Sean OBrien"),
        ("Anna-Lena Groß", "Annalena Gross"),
        ("王 伟", "王伟"),
        ("प्रिया शर्मा", "प्रिया शर्मा"),
    ],
)
def test_digits_signs_and_scripts_switch_nothing_off(name: str, text: str) -> None:
    assert Scrubber([name]).scrub(f"1. {text}: x") == "1. [name]: x"


def test_titles_and_particles_are_not_names() -> None:
    scrubber = Scrubber(["Dr. Li van der Berg PhD"])
    assert scrubber.scrub("PhD; van driver; Dr. Berg") == "PhD; van driver; [name]"


def test_every_text_of_a_profile_is_scrubbed() -> None:
    profile = Profile(
        summary="Jane Baker",
        work=[Work(name="Jane Baker Consulting", highlights=["Jane Baker"])],
        skills=[Skill(name="Jane Baker", keywords=["Jane Baker"])],
    )
    assert "jane" not in scrub_profile(profile, JANE).lower()


@pytest.mark.parametrize("text", ["x\nJane", "x\tJane\t", "\x0bJane", '"Jane"', "Jane\n", "/Jane"])
def test_a_name_is_found_behind_every_character(text: str) -> None:
    assert "Jane" not in scrub_profile(Profile(summary=text), JANE)


TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))


@given(TEXTS, st.sampled_from(["Jane Baker", "JANE", "jane@x.example", "0151 23456789", "J. D."]))
def test_a_profile_is_scrubbed_as_its_texts_are(before: str, who: str) -> None:
    text = f"{before} {who} "
    scrubbed = json.loads(scrub_profile(Profile(summary=text), JANE))
    assert unicodedata.normalize("NFC", scrubbed["summary"]) == Scrubber(JANE).scrub(text)


@given(st.text())
def test_folding_keeps_each_character_in_its_place(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text(), st.lists(st.text(max_size=20), max_size=3))
def test_any_text_can_be_scrubbed_and_what_is_scrubbed_stays_so(
    text: str, names: list[str]
) -> None:
    scrubber = Scrubber(names)
    once = scrubber.scrub(text)
    assert isinstance(once, str)


def test_no_text_becomes_longer_than_its_field_takes() -> None:
    schema = Profile.model_json_schema(by_alias=True)
    profile = Profile.model_validate(full(schema, schema["$defs"]))
    body = scrub_profile(profile, JANE)
    assert "@" not in body
    scrubbed = Profile.model_validate_json(body)
    assert scrubbed.resume_text
    assert len(scrubbed.resume_text) > 59_900
    assert len(scrub_note("a@b.at " * 280, JANE, "Cook")) <= MOST_OF_A_NOTE


@given(st.text("ab ", max_size=200), st.integers(1, 150))
def test_a_text_that_is_cut_says_so_and_keeps_what_was_first(text: str, most: int) -> None:
    cut = within(text, most)
    assert len(cut) <= most
    assert cut == text if len(text) <= most else text.startswith(cut.removesuffix("…"))
