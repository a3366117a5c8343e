"""Turns text in any language into comparable pieces: stems, and the character n-grams of titles."""

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

MAX_WORDS = 20_000
"""What comes after in one text is not read, so that no text can hold up the rest."""

_FUNCTION_WORDS = {
    "english": """
        a about all also am an and any are as at be been but by can for from had has have i
        if in into is it its may more most must not of on or other our such than that the
        their they this to up was we were what which who will with within would you your
    """,
    "german": """
        aber alle als am an auch auf aus bei bis das dass dem den der des die durch ein eine
        einem einen einer es für haben im in ist mit nach nicht oder sein sich sie sind
        sowie über und unser unsere uns vom von vor werden wie wir wird zu zum zur
    """,
    "french": """
        à au aux avec ce ces cette comme dans de des du elle en est et être il la le les
        leur mais ne nos notre nous ou par pas plus pour que qui sa sans ses son sont sur un
        une vos votre vous
    """,
    "spanish": """
        a al como con de del el ella en entre es esta este la las lo los más me mi muy no
        nuestra nuestro o para pero por que se ser si sin sobre son su sus también un una y
        ya
    """,
}
STOP_WORDS = {language: frozenset(words.split()) for language, words in _FUNCTION_WORDS.items()}
ANY_STOP_WORD = frozenset().union(*STOP_WORDS.values())

_WORD = re.compile(r"[^\W_]+[+#]*")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]+")
_TITLE_TAIL = re.compile(r"(?<!\s)\s*(?:[,(/|;:]|\s[-–—]\s)")
_PASSAGE_ENDS = re.compile(r"[,;|\n•!?]|[.:]\s|\s[-–—]\s")
_LOOKED_AT = 4000
"""As many characters tell the language of a text."""


def language_of(text: str) -> str:
    """Guesses a text's language by its function words; English where nothing speaks for another."""
    words = split(text[:_LOOKED_AT])
    hits = {name: sum(word in stop for word in words) for name, stop in STOP_WORDS.items()}
    return max(hits, key=lambda name: hits[name])


def split(text: str) -> list[str]:
    """Returns a text's words in lower case; Chinese and Japanese, written unspaced, in pairs."""
    words: list[str] = []
    for word in _WORD.findall(unicodedata.normalize("NFKC", text).casefold()):
        words.extend(_pairs(word) if _UNSPACED.fullmatch(word) else (word,))
        if len(words) >= MAX_WORDS:
            return words[:MAX_WORDS]
    return words


def passages(text: str) -> list[str]:
    """Returns the sentences of a text, and where it lists things each of them."""
    return [each for each in _PASSAGE_ENDS.split(text) if each.strip()]


def content_words(text: str, language: str) -> list[str]:
    """Returns the words that say something."""
    stop = STOP_WORDS[language]
    return [word for word in split(text) if word not in stop]


def stems(text: str, language: str) -> list[str]:
    """Returns the stems of the words that say something, in the order of the text."""
    return [stem(word, language) for word in content_words(text, language)]


@lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    """Returns a word without its inflection. A stemmer is made anew: one serves one thread only."""
    return str(snowballstemmer.stemmer(language).stemWord(word))


def folded(text: str) -> str:
    """Returns a text in lower case and without accents, as stems may be."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


def singular(word: str) -> str:
    """Returns an English word without the s of its plural."""
    return word.removesuffix("s") if len(word) > 3 else word


@lru_cache(maxsize=50_000)
def grams(title: str) -> frozenset[str]:
    """Returns the sets of three and four characters in a title's words, whose ends are marked."""
    marked = [f"^{word}$" for word in split(title) if word not in ANY_STOP_WORD]
    return frozenset(
        word[start : start + length]
        for word in marked
        for length in (3, 4)
        for start in range(max(1, len(word) - length + 1))
    )


def head_of(title: str) -> str:
    """Returns what stands before a title's first comma, bracket, slash or dash."""
    return _TITLE_TAIL.split(title.strip(), maxsplit=1)[0]


def alike(one: str, other: str) -> float:
    """Tells how alike two titles look, from 0 to 1: Dice's coefficient of their n-grams."""
    left, right = grams(one), grams(other)
    return 2 * len(left & right) / (len(left) + len(right)) if left and right else 0.0


def _pairs(word: str) -> list[str]:
    return [word[at : at + 2] for at in range(len(word) - 1)] or [word]
