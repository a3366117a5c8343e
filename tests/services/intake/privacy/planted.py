"""Invented people, and what they are called, live at and are reached by, in many spellings."""

import random
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True)
class Person:
    given: str
    family: str
    email: str
    phone: str
    """As it is dialled at home."""
    e164: str
    handle: str

    @property
    def known_as(self) -> tuple[str, ...]:
        return (f"{self.given} {self.family}", self.email, self.phone, self.e164)


class Plant(NamedTuple):
    """Something about a person in a text, and what of it must not be left."""

    kind: str
    text: str
    telling: tuple[str, ...]


GIVEN = (
    *(
        "Jane",
        "Mira",
        "José",
        "Jürgen",
        "Zoë",
        "Siobhán",
        "Björn",
        "Łukasz",
        "Anna-Lena",
        "Jean-Luc",
    ),
    *(
        "Olga",
        "Nguyen",
        "Ahmed",
        "Priya",
        "Chloé",
        "Søren",
        "Will",
        "Mark",
        "Rose",
        "Grace",
        "April",
    ),
)
FAMILY = (
    *("Okafor", "Müller", "O’Brien", "O'Neill", "van der Berg", "de la Cruz", "García Márquez"),
    *("Smith-Jones", "D’Angelo", "Brønsted", "Kowalski", "Nowak", "Groß", "Çelik", "Ivanova"),
    *("Quill", "Hartmann", "McDonald", "Öztürk", "Nakamura", "Lindqvist", "Baker", "Moss", "Stone"),
)
WORDS_TOO = ("Will", "Mark", "Rose", "Grace", "April")
"""Where such a word stands in small letters beside it, it is not taken for the name."""
OTHER_SCRIPTS = (
    ("伟", "王"),
    ("Αλέξης", "Παππάς"),
    ("Иван", "Петров"),
    ("محمد", "حسن"),
    ("प्रिया", "शर्मा"),
)
MOBILES = (
    ("0{0} {1}", "+49", "151", 8),
    ("0{0} {1}", "+33", "6", 8),
    ("0{0} {1}", "+44", "7700", 6),
)
OTHER_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
STREETS = (
    *("Lange Straße 12, 10115 Berlin", "Hauptstr. 5a, 80331 München", "Am Stadtweg 7"),
    *(
        "12 High Street, London NW1 6XE",
        "221B Baker Street",
        "1600 Amphitheatre Parkway, Mountain View, CA 94043",
    ),
    *("48 Oak Avenue, Apt 5", "12 rue de la Paix, 75002 Paris", "3 bis avenue Foch, 69006 Lyon"),
    *(
        "Calle Mayor 15, 28013 Madrid",
        "Via Garibaldi 12, 20121 Milano",
        "Prinsengracht 263, 1016 Amsterdam",
    ),
    *(
        "Kungsgatan 44, 11135 Stockholm",
        "ul. Długa 7, 00950 Warszawa",
        "Rua Augusta 120",
        "PO Box 1234",
    ),
    *("Musterallee 3\n10115 Berlin", "75 Birch Lane", "9 Station Rd, Leeds LS1 4DY"),
    *("Opernring 5, 1010 Wien", "Unter den Linden 5\n10117 Berlin", "Haid 17, A-4175 Herzogsdorf"),
    *("Q7 24, 68161 Mannheim", "Marszałkowska 12/5, 00-590 Warszawa", "1010 Wien, Kohlmarkt 3"),
    *("Vodičkova 36, 110 00 Praha 1", "12 Le Bourg, 24200 Sarlat", "\nAnschrift\tObere Au 7\n"),
)
TELLING_OF_STREETS = (
    *(
        "Lange",
        "Hauptstr",
        "Stadtweg",
        "High Street",
        "Baker Street",
        "Amphitheatre",
        "Oak Avenue",
        "Paix",
    ),
    *("Foch", "Mayor", "Garibaldi", "Prinsengracht", "Kungsgatan", "Długa", "Augusta", "1234"),
    *("Musterallee", "Birch", "Station Rd", "Opernring", "Linden", "Haid"),
    *("Q7", "Marsz", "Kohlmarkt", "Vod", "Bourg", "Obere"),
)
PERSONAL = (
    ("Date of birth: 12.03.1985", "1985"),
    ("DOB: 3 March 1985", "1985"),
    ("Geburtsdatum: 12. März 1985", "1985"),
    ("geb. am 12.3.1985 in Köln", "1985"),
    ("born in 1985", "1985"),
    ("Née le 12 mars 1985", "1985"),
    ("Fecha de nacimiento: 12/03/1985", "1985"),
    ("Age: 39", "39"),
    ("I am 39 years old", "39"),
    ("Religion: Roman Catholic", "Catholic"),
    ("Konfession: evangelisch", "evangelisch"),
    ("I am a practising Muslim", "Muslim"),
    ("As a devout Christian I value service", "Christian"),
    ("member of the Lutheran church", "Lutheran"),
    ("Disability: hearing loss", "hearing"),
    ("I am severely disabled", "disabled"),
    ("Schwerbehindert (GdB 50)", "50"),
    ("I have a disability", "disability"),
    ("because of my epilepsy", "epilepsy"),
    ("I was diagnosed with multiple sclerosis", "sclerosis"),
    ("Marital status: married, two children", "married"),
    ("Familienstand: verheiratet", "verheiratet"),
    ("Nationality: Nigerian", "Nigerian"),
    ("Gender: female", "female"),
    ("Ich wurde 1985 in Linz geboren", "Linz"),
    ("Je suis née à Lyon en 1985", "Lyon"),
    ("Nací en Madrid en 1985", "Madrid"),
    ("Ich bin 39 Jahre alt", "39"),
    ("I am a 39-year-old cook", "39"),
    ("Ich bin Österreicherin", "Österreicherin"),
    ("I am a British citizen", "British"),
    ("Je suis française", "française"),
    ("Ich bin verheiratet und habe zwei Kinder", "verheiratet"),
    ("I am married with two kids", "married"),
    ("Ich bin zu 50% behindert", "50"),
    ("My religion is Islam", "Islam"),
)
GAPS = ("\t", "        ", " | ", "\n", ":\n", " - ", ":        ")
"""What stands between the cells of a table, as it is read from a file."""
IN_TABLES = (
    ("Geburtsdatum", "12.03.1985"),
    ("Geburtsdatum, -ort", "12.3.1985, Köln"),
    ("Place of birth", "Leeds"),
    ("Date de naissance", "12 mars 1985"),
    ("Alter", "39"),
    ("Edad", "39 años"),
    ("Religion", "römisch-katholisch"),
    ("Religión", "católica"),
    ("Familienstand", "verheiratet, 2 Kinder"),
    ("Marital status", "Single"),
    ("État civil", "célibataire"),
    ("Staatsbürgerschaft", "Österreich"),
    ("Nationality", "British"),
    ("Cittadinanza", "italiana"),
    ("Grad der Behinderung", "50 %"),
    ("Disability", "none"),
    ("Geschlecht", "weiblich"),
)


def people(count: int, seed: int = 1) -> Iterator[Person]:
    """Yields so many people, the same for the same seed."""
    dice = random.Random(seed)
    for number in range(count):
        other = number % 10 == 9
        given, family = (
            dice.choice(OTHER_SCRIPTS) if other else (dice.choice(GIVEN), dice.choice(FAMILY))
        )
        _, country, area, digits = dice.choice(MOBILES)
        rest = "".join(dice.choice("123456789") for _ in range(digits))
        plain = _latin(family)
        handle = f"{plain or 'qvist'}{dice.randint(10, 99)}"
        yield Person(
            given,
            family,
            f"{handle}@mail.example",
            f"0{area} {rest}",
            f"{country}{area}{rest}",
            handle,
        )


def plants(person: Person, dice: random.Random) -> list[Plant]:
    """Returns one of each kind of thing about a person, in spellings by chance."""
    street = dice.randrange(len(STREETS))
    said, telling = dice.choice(PERSONAL)
    label, value = dice.choice(IN_TABLES)
    return [
        *(Plant("name", spelt, _words(spelt)) for spelt in dice.sample(names(person), 3)),
        *(Plant("phone", spelt, ()) for spelt in dice.sample(phones(person), 2)),
        *(Plant("link", spelt, _letters(spelt)) for spelt in dice.sample(links(person), 2)),
        Plant("e-mail", dice.choice(emails(person)), (person.handle,)),
        Plant("address", STREETS[street], (TELLING_OF_STREETS[street],)),
        Plant("personal", said, (telling,)),
        Plant("in a table", f"\n{label}{dice.choice(GAPS)}{value}\n", (value,)),
    ]


def names(person: Person) -> list[str]:
    """Returns a full name as it may stand in a résumé."""
    given, family = person.given, person.family
    if not given.isascii() and given.lower() == given.upper():
        return [f"{given} {family}", f"{family} {given}", f"{family}{given}"]
    plain = family.replace("’", "'")
    return [
        *(f"{given} {family}", f"{given} {plain}", f"{given} {family.replace(chr(39), '’')}"),
        *(f"{given} {family}".upper(), f"{given} {family}".lower(), f"{given}\u00a0{family}"),
        *(f"{family}, {given}", f"{given[0]}. {family}", f"{family} {given[0]}.", f"Dr. {family}"),
        *(
            f"{given} Maria {family}",
            f"{given} M. {family}",
            f"{given}\n{family}",
            *(() if given in WORDS_TOO else (f"{given}'s", f"{given}s")),
            f"{given} {family}s",
        ),
        *(
            f"{given}_{plain}".replace(" ", "_"),
            " ".join(f"{given} {family}".upper().replace(" ", "")),
        ),
        f"{given[:2]}\u00ad{given[2:]} {family}",
    ]


def phones(person: Person) -> list[str]:
    """Returns a number as it may stand in a résumé."""
    area, rest = person.phone.split(" ")
    pairs = [rest[at : at + 2] for at in range(0, len(rest), 2)]
    country = person.e164[: -len(area + rest) + 1]
    return [
        *(
            person.phone,
            person.e164,
            area + rest,
            f"{area}/{rest}",
            f"({area}) {rest}",
            f"{area}-{rest}",
        ),
        *(
            sign.join([area, *pairs])
            for sign in (" ", "\u00a0", "\u202f", "\u2011", ".", "\u00b7", "-", "–")
        ),
        f"{country} (0){area[1:]} {' '.join(pairs)}",
        f"{country}\u00a0{area[1:]}\u00a0{rest}",
        f"00{country[1:]} {area[1:]} {rest}",
        " ".join([area, *pairs[:2]]) + "\n" + " ".join(pairs[2:]),
        " ".join([area, *pairs]).translate(OTHER_DIGITS),
    ]


def links(person: Person) -> list[str]:
    """Returns what leads to somebody on the web."""
    name = _latin(person.given + person.family)
    name = name if len(name) > 5 else person.handle
    dotted = person.handle
    return [
        *(f"https://{name}.example", f"HTTPS://{name.upper()}.EXAMPLE", f"www.{name}.example"),
        *(
            f"linkedin.com/in/{name}",
            f"LinkedIn.com/in/{name}",
            f"in/{dotted}",
            f"twitter.com/{name}",
        ),
        *(
            f"x.com/{name}",
            f"t.me/{name}",
            f"facebook.com/{name}",
            f"medium.com/@{name}",
            f"@{dotted}",
        ),
        *(f"stackoverflow.com/users/1/{name}", f"GitHub.com/{name}", f"bitbucket.org/{name}"),
        *(
            f"Skype: {dotted}",
            f"GitHub: {name}",
            f"{name}.github.io",
            f"{dotted}.example",
            f"{name}.dev",
        ),
    ]


def emails(person: Person) -> list[str]:
    """Returns an e-mail address as people hide it."""
    return [
        *(person.email, person.email.upper(), f"<{person.email}>", f"mailto:{person.email}"),
        *(f"{person.handle} (at) mail.example", f"{person.handle}[at]mail[dot]example"),
        *(f"{person.handle} @ mail.example", f"{person.handle} at mail dot example"),
    ]


def _words(name: str) -> tuple[str, ...]:
    if all(len(word) == 1 for word in name.split()):
        return (name,)
    words: Sequence[str] = name.replace("_", " ").replace("\u00ad", "").replace(",", " ").split()
    return tuple(w for w in words if len(w) > 2 and w not in ("Maria", "van", "der", "Dr."))


def _letters(link: str) -> tuple[str, ...]:
    return (link.rsplit("/", 1)[-1].rsplit(": ", 1)[-1].strip("@"),)


def _latin(name: str) -> str:
    """Returns a name as one writes it in an address on the web."""
    apart = unicodedata.normalize(
        "NFKD", name.lower().replace("ø", "o").replace("ł", "l").replace("ß", "ss")
    )
    return "".join(each for each in apart if "a" <= each <= "z")
