"""Tells whether text that was read as Windows-1252 can have been written in it.

Every byte is some character of Windows-1252, so a file of another encoding is read without any
trouble, and wrongly. What gives it away are characters where no word of a Western language has
them: those of a Mac (Jürgen is JŸrgen), of Central Europe (Łukasz is £ukasz, Jiří is Jiøí), of
Turkey (Ayşe is Ayþe) and the Baltic (Bērziņš is Bçrziòð), and of DOS (René is Ren‚). Iceland writes
ð, ý and þ too, but in words that Turkish vowels do not agree in, or that begin otherwise.
"""

import re

_SMALL = "a-zß-öø-ÿšžœ"
_LETTER = f"A-ZÀ-ÖØ-ÞŠŽŒŸ{_SMALL}"
_CONSONANT = "bcdfghjklmnpqrstvwxz"

_T = "[bcdfghjklmnpqrstvyzþ]"
_TURKISH = f"(?:[{{0}}ý]{_T}{{{{1,3}}}}){{{{0,4}}}}[{{0}}]ð(?:{_T}{{{{0,2}}}}[{{0}}ý]){{{{0,4}}}}"
"""A word whose vowels agree: where they do not, as in Sigurður, it is Icelandic."""

_FOREIGN = re.compile(
    "[\udc80-\udcff]"  # no character at all
    rf"|(?<=[{_LETTER}])[€†‡ˆ‰‹›•˜™„‚ƒ“”§¡¢£¤¥¦¨©ª«®¯±²³¶¸¹º»¼½¾¿](?=[{_LETTER}])"
    rf"|(?<=[{_SMALL}])[‡ˆ‰‹˜‚ƒ¯¾¼¿§](?![{_LETTER}])"
    rf"|(?<![{_LETTER}0-9])[€†‡ˆƒ™£¥¯¼¾³¹ºª](?=[{_SMALL}]{{2}})"
    rf"|(?<=[{_LETTER}])[£¤¢][£¤¢](?=[{_SMALL}])|(?i:(?:o|ei)á(?![{_LETTER}])|straáe)"
    rf"|(?<![{_LETTER}])š(?=[bdfg])|(?i:[à-âäç-ïñ-öù-ýÿ]{{3}})"
    rf"|(?<=[a-ln-zß-öø-ÿ])[³¹](?![{_LETTER}])"
    rf"|(?<=[{_SMALL}])[ŠŽŒŸÀ-ÖØ-Þ]|[A-Z][ŠŽŒŸ](?=[{_SMALL}])|Ÿ(?=[{_SMALL}])"
    r"|(?<=[A-Z])Õ(?=[A-Z][a-z])"
    rf"|(?<=[a-z])‘(?=[a-z])|(?<![{_LETTER}‚])[{_LETTER}]+o‘(?![{_LETTER}])"
    rf"|(?i:(?<=[{_CONSONANT}])š(?=[{_CONSONANT}]))"
    rf"|(?<=[{_SMALL}])–(?=[{_SMALL}])|(?<![{_LETTER}])[B-HJ-Z]—(?=[{_SMALL}])"
    rf"|(?<=[{_SMALL}]{{2}})—[b-hj-z](?![{_LETTER}])"
    rf"|(?<![{_LETTER}])(?:[ÐÑ](?![{_LETTER}])|Ð(?=[a-z]))"
    rf"|…(?=ster|mer(?![{_LETTER}]))|(?<![{_LETTER}])ç(?=[{_CONSONANT}])"
    r"|(?i:(?<![kchlm])œ(?=[bghjklprvwxzž])|(?<=c)œ(?=[bghjkprvwxz])|(?<=h)œ(?=[ghjkpvwxz])"
    rf"|(?<=[lm])œ(?=[ghjklprvxz])|(?<=[a-gijl-z])œ(?=n)|sœ(?!u)|œ(?![{_LETTER}]))"
    # what Central Europe writes
    r"|(?i:(?<!\b[bdlnrst])(?<!\bth)è(?=[aeiouyáéíóúýì])|íè|ù(?=[žšzjvlkt])|ì(?=[kcmrtpldvjžšsz]))"
    rf"|(?i:ø[íáýìù]|[áíýìèù]ø|(?<=[aeiou])ø(?![{_LETTER}])|øej|[aeo]ø(?=[aei])|[bp]ø(?=e[cm]))"
    rf"|(?i:æw|[aeiou]æ(?![{_LETTER}])|aæ)"
    r"|(?i:ñ(?!ch|[aeiouyáéíóúäöü])|ê(?=k|gr|gw|d[rz]|cz))"
    rf"|(?i:þ(?![{_LETTER}])|þã|ãþ|ã(?=[bcdfghjklmprtvwxþº]))"
    # what Turkey writes
    rf"|(?i:[ðýþ][{_SMALL}]{{0,20}}[çü]|[çü][{_SMALL}]{{0,20}}[ðýþ])"
    rf"|(?i:ý[bcdfghklmnpqrstvxyzþçð]{{1,2}}[aý](?![{_SMALL}]{{0,20}}[áéíóúæö]))"
    rf"|(?i:[aý][bcdfghklmnpqrstvxyz]{{1,3}}ý[bcdfghklmnpqrstvxyz](?![{_LETTER}]))"
    rf"|(?i:cý(?![{_LETTER}])|kký|(?<![{_LETTER}])ý(?=[{_LETTER}])(?!rr?(?![{_LETTER}])|mis?))"
    rf"|(?i:oðlu|doða|tuðr|dað(?![{_LETTER}])|ð(?!ný)(?=[{_SMALL}]{{0,20}}ý))"
    rf"|(?i:(?<![{_LETTER}])(?!guð|auð|suð|það|við|með|heðin|aðal|loðn|[{_SMALL}]{{0,20}}[mt]aður)"
    rf"{_T}?(?:{_TURKISH.format('aou')}|{_TURKISH.format('eiö')}){_T}{{0,2}}(?![{_LETTER}]))"
    r"|(?i:(?<![^\W\d_])þ(?:a(?![ðru]|kk)|e(?![ts]|gar|rn|gn|im|ir|is|kk|ng|tt)|il|irin|ul|uk|y(?!r)))"
    r"|(?i:(?<=[^\W\d_])þ(?=[çklmtdsnbgý])|yþe|aþa)"
    # what the Baltic writes
    rf"|(?i:(?<=[{_CONSONANT}])ç(?=[{_CONSONANT}])|iò(?=[aðeu])|òð|(?<![{_LETTER}])ìi|ðí)"
    rf"|(?i:(?<=[{_CONSONANT}])ï(?=[aeou])|(?:yt|ut|ait|ien|iul|aul|gn|gl)ë(?![{_LETTER}]))"
    rf"|(?i:ë(?:nas|jas|lis)(?![{_LETTER}]))"
    # what Hungary writes
    rf"|(?i:(?:sz|gy|ny|cs|zs)[õû]|[a-z]{{3}}õ(?![{_LETTER}])|fûz|òe|rêba|õ(?:sz|gy|cs|zs|s\b|rin))"
)


def foreign(text: str) -> bool:
    """Tells whether a text has a character that no word of a Western language has there."""
    return _FOREIGN.search(text) is not None
