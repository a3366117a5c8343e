"""Tells whether text that was read as Windows-1252 can have been written in it.

Every byte is some character of Windows-1252, so a file of another encoding is read without any
trouble, and wrongly. What gives it away are characters where no word of a Western language has
them: those of a Mac (Jürgen is JŸrgen), and of Central Europe (Łukasz is £ukasz, Jiří is Jiøí).
"""

import re

_SMALL = "a-zß-öø-ÿšžœ"
_LETTER = f"A-ZÀ-ÖØ-ÞŠŽŒŸ{_SMALL}"
_CONSONANT = "bcdfghjklmnpqrstvwxz"

_FOREIGN = re.compile(
    "[\udc80-\udcff]"  # no character at all
    rf"|(?<=[{_LETTER}])[€†‡ˆ‰‹›•˜™„‚ƒ“”§¡¢£¤¥¦¨©ª«®¯±²³¶¸¹º»¼½¾¿](?=[{_LETTER}])"
    rf"|(?<=[{_SMALL}])[‡ˆ‹˜ƒ¯¾¼¿§](?![{_LETTER}])"
    rf"|(?<![{_LETTER}0-9])[€†‡ˆƒ£¥¯¼¾³¹ºª](?=[{_SMALL}]{{2}})"
    rf"|(?<=[a-ln-zß-öø-ÿ])[³¹](?![{_LETTER}])"
    rf"|(?<=[{_SMALL}])[ŠŽŒŸÀ-ÖØ-Þ]|[A-Z][ŠŽŒŸ](?=[{_SMALL}])|Ÿ(?=[{_SMALL}])"
    r"|(?<=[A-Z])Õ(?=[A-Z][a-z])"
    rf"|(?<=[a-z])‘(?=[a-z])|(?<![{_LETTER}‚])[{_LETTER}]+o‘(?![{_LETTER}])"
    rf"|(?i:(?<=[{_CONSONANT}])š(?=[{_CONSONANT}]))"
    rf"|(?<=[{_SMALL}])–(?=[{_SMALL}])|(?<![{_LETTER}])[B-HJ-Z]—(?=[{_SMALL}])"
    rf"|(?<=[{_SMALL}]{{2}})—[b-hj-z](?![{_LETTER}])"
    rf"|(?<![{_LETTER}])(?:[ÐÑ](?![{_LETTER}])|Ð(?=[a-z]))"
    rf"|…(?=ster|mer(?![{_LETTER}]))|(?<![{_LETTER}])ç(?=[{_CONSONANT}])"
    rf"|(?i:œ(?=[bghjklprvwxzž])|(?<=[a-z])œ(?=n)|sœ(?!u)|œ(?![{_LETTER}]))"
    # what Central Europe writes
    r"|(?i:è(?=[aeiouyáéíóúýì])|íè|ù(?=[žšzjvlkt])|ì(?=[kcmrtpldvjžšsz]))"
    rf"|(?i:ø[íáýìù]|[áíýìèù]ø|(?<=[aeiou])ø(?![{_LETTER}])|øej|[aeo]ø(?=[aei])|[bp]ø(?=e[cm]))"
    rf"|(?i:æw|[aeiou]æ(?![{_LETTER}])|aæ)"
    r"|(?i:ñ(?![aeiouyáéíóúäöü])|ê(?=k|gr|gw|d[rz]|cz))"
    rf"|(?i:þ(?![{_LETTER}])|þã|ãþ|ã(?=[bcdfghjklmprtvwxþº]))"
    rf"|(?i:(?:sz|gy|ny|cs|zs)[õû]|[a-z]{{3}}õ(?![{_LETTER}])|fûz|òe|rêba|õ(?:sz|gy|cs|zs|s\b|rin))"
)


def foreign(text: str) -> bool:
    """Tells whether a text has a character that no word of a Western language has there."""
    return _FOREIGN.search(text) is not None
