"""Finds what a label says of somebody: behind a colon, in a table, or in the next line.

What a colon follows is a label wherever it stands. A résumé that is laid out as a table gives cells
that only blanks, a bar or a line's end keep apart: there a label begins its cell. One that means
other things too, such as a subject that is taught, counts only before what can be nothing else.
"""

import re

from services.intake.privacy.domain.forms import CELL, END, GAP, PHRASE, VALUE, form
from services.intake.privacy.domain.peoples import PEOPLE

FAMILY = (
    r"(?:ledig|verheiratet|verh\.|geschieden|verwitwet|verpartnert|getrennt lebend"
    r"|alleinerziehend|unmarried|married|divorced|widow(?:ed|er)?|celibataire|mariee?|divorcee?"
    r"|veuf|veuve|pacsee?|en concubinage|solter[oa]|casad[oa]|divorciad[oa]|viud[oa]|celibe|nubile"
    r"|coniugat[oa]|sposat[oa]|divorziat[oa]|vedov[oa]|(?:on)?gehuwd|getrouwd|solteir[oa])"
)
_FAMILY_BESIDE_A_LABEL = (
    rf"(?:{FAMILY}|single|separated|engaged|partnered|in (?:einer )?(?:partnerschaft|beziehung))"
)
NUMBER = (
    r"(?:\d|one|two|three|four|five|eine?[mns]?|zwei|drei|vier|funf|une?|deux|trois|quatre|dos|tres"
    r"|cuatro|due|tre|quattro)"
)
CHILDREN = (
    r"(?:child(?:ren)?|kids?|sons?|daughters?|kind(?:er)?n?|sohne?n?|tochtern?|enfants?|fils|filles?"
    r"|hij[oa]s?|figli[oae]?|bambin[oaie]|kinderen|filh[oa]s?)"
)
_FAITH = (
    r"(?:(?:rom|griech|greek|russ|serb|alt|free?)\w{0,6}[. -]{1,3})?"
    r"(?:(?:kathol|cathol|catol|cattol|evang|protestan|luther|reformi|orthodo|ortodo|christ|chret|crist|muslim|moslem|musul|islam"
    r"|sunni|schiit|shia|shiit|alevi|juif|juiv|jewish|judaism|judisch|judent|ebre|hindu|sikh|budd"
    r"|boud|jain|mormon|baptist|bautist|methodis|metodis|angli[ck]|quaker|pentec|pfingst|freikirch"
    r"|ateo|atea|athe|agnost|konfessionslos|bekenntnislos|bahai|adventis|jehova|zeuge|presbyt|calvin|copt"
    r"|kopt|maronit|church of )\w{0,12}|kath\.?|ev\.?|r\.? ?-?k\.?|o\.? ?b\.?|ohne|keine?|none|sans"
    r"|aucune|ningun[oa]?|nessun[oa])(?:[ /-]{1,2}(?!lehr|teach)[\w.]{1,14}){0,2}"
)
_GENDER = (
    r"(?:[mfwdx]|(?:fe)?male|(?:wo)?man|mannlich|weiblich|divers|mann|frau|(?:non|nicht)-?bina\w{1,3}"
    r"|trans\w{0,12}|femme|homme|masculine?|feminine?|masculino|femenin[oa]|feminin[oa]|hombre|mujer"
    r"|maschi(?:o|le)|femmin(?:a|ile)|vrouw|man|mulher|homem)"
)
_DISABILITY = (
    r"(?:yes|no|none|ja|nein|keine?|oui|non|aucun|si|ningun[oa]?|nessun[oa]|(?:gdb )?(?:[2-9]0|100)"
    r" ?(?:%|prozent|percent)?|rqth|(?:registered|severely) disabled"
    r"|(?:visual|hearing|sight|mobility|seh|hor|geh)\w{0,15}(?: \w{4,12})?)"
)
YEARS = r"(?:years?|yrs?|jahre|ans|anos|anni|jaar|j\.)"
AGE = r"(?:1[4-9]|[2-8]\d)"

_AFFILIATION = (
    r"religious affiliation|konfession(?:szugehorigkeit)?|religions(?:zugehorigkeit|angehorigkeit"
    r"|bekenntnis|gemeinschaft)|glaubens(?:bekenntnis|gemeinschaft|richtung)|kirchenzugehorigkeit"
    r"|confession religieuse|appartenance religieuse|credo religioso|afiliacion religiosa"
    r"|political affiliation|parteizugehorigkeit|sexual orientation|sexuelle orientierung"
)
_STATUS = (
    r"(?:marital|family|civil) status|familienstand|fam\.-?stand|personenstand|zivilstand"
    r"|etat civil|situation (?:de famille|familiale|matrimoniale)|estado civil|situacion familiar"
    r"|stato civile|burgerlijke staat|(?:number|anzahl)(?: of| der)? (?:children|kinder)"
    r"|disability status|degree of disability|grad der behinderung|ethnicity|ethnic origin"
)
_NATIONALITY = (
    r"nationalit(?:y|ies)|citizenships?|staatsangehorigkeit(?:en)?|staatsburgerschaft(?:en)?"
    r"|nationalitat(?:en)?|nationalite|citoyennete|nacionalidad|ciudadania|nazionalita|cittadinanza"
    r"|nationaliteit|nacionalidade|cidadania"
)
_WHEN = (
    r"(?:dat(?:e|um|a)|place|year|country|lieu|annee|pays|fecha|lugar|ano|pais|luogo|anno|local)"
)
_WHERE_TOO = r"(?:(?:, ?| ?[/&+] ?| und )(?:-|geburts)? ?(?:datum|tag|ort|jahr|land))?"
BIRTH = (
    rf"{_WHEN}(?: (?:and|et|y|e|&) {_WHEN})? (?:of birth|de naissance|de nacimiento|di nascita"
    r"|de nascimento)|(?:tag|datum|ort|land) der geburt|d\.?o\.?b\.?"
    r"|birth ?(?:da(?:te|y)|place)|geburts(?:datum|tag|ort|jahr|land)"
    rf"{_WHERE_TOO}|geb\.? ?-? ?dat(?:um\b|\.)|naissance|nacimiento|nascita|nascimento"
    r"|geboorte(?:datum|plaats|jaar)|data urodzenia|дата рождения"
)
_PLAIN = rf"{_AFFILIATION}|{_STATUS}|{_NATIONALITY}"
"""What is a label and nothing else."""
_FAITHS = (
    r"religion|faith|confession|religione|fede|confessione|credo|confesion|creencias?|glaube"
    r"|bekenntnis|croyance"
)
_DISABILITIES = r"disabilit(?:y|ies)|(?:schwer)?behinderung|handicap|discapacidad|disabilita|gdb"
_GENDERS = r"gender|sex|geschlecht|sexe|sexo|sesso"
_OTHERS = r"caste|gewerkschaft|trade union|kinder|jahrgang"
_VALUE = (
    r"[ \t]{0,60}[:=][ \t]{0,60}(?:[^\n|•;.,\t\x00]|\.(?=[\w-])){1,60}(?:, [^\n|•;.,\t\x00]{1,40})?"
)
_LABELLED = re.compile(rf"\b(?:{_PLAIN}|{_FAITHS}|{_DISABILITIES}|{_GENDERS}|{_OTHERS}){_VALUE}")
_IN_A_TABLE = re.compile(rf"{CELL}(?:{_PLAIN}|{BIRTH})(?!\w){GAP}{VALUE}")
_BESIDE = re.compile(
    rf"{PHRASE}(?:(?:{_STATUS})(?:{GAP}| ){_FAMILY_BESIDE_A_LABEL}"
    rf"|(?:{_NATIONALITY})(?:{GAP}| ){PEOPLE}(?: citizen(?:ship)?)?"
    rf"|(?:{_AFFILIATION}|{_FAITHS})(?:{GAP}| ){_FAITH}"
    rf"|(?:{_STATUS}|{_DISABILITIES})(?:{GAP}| ){_DISABILITY}"
    rf"|(?:{_GENDERS})(?:{GAP}| ){_GENDER}"
    rf"|(?:kinder|children|enfants|hijos|figli|kinderen)(?:{GAP}| )(?:{NUMBER}|keine?|none)"
    r"(?: ?\([^()\n\x00]{1,40}\))?"
    rf"|jahrgang(?:{GAP}| )(?:19|20)\d\d"
    rf"|(?:age|alter|edad|eta|leeftijd|idade)(?:{GAP}| ){AGE}(?: {YEARS})?(?: (?:old|alt|oud))?"
    rf"){END}"
)
_MINE = re.compile(
    rf"\b(?:my|meine?|mon|ma|mi|la mia|il mio|mijn) (?:{_PLAIN}|{BIRTH}|{_FAITHS}|{_DISABILITIES}"
    rf"|{_GENDERS}|age|alter|edad|eta) (?:is|ist|est|es|e)\b"
    r"(?:[^\n|•;.,\x00]|(?<=\d)[.,]){1,60}"
)
_AGE = re.compile(
    r"\b(?:age|alter|edad|eta|leeftijd|idade)[ \t]{0,60}[:=]\s{0,60}\d\d\b(?: [^\W\d_]{2,8})?"
)

_PLAIN_SIGNS = (
    "religious religieuse religioso religiosa konfession political status familienstand fam"
    " personenstand zivilstand etat situation estado situacion stato staat number anzahl degree"
    " grad ethnicity ethnic sexual sexuelle nationality nationalities citizenship citizenships"
    " nationalitat nationalitaten nationalite citoyennete nacionalidad ciudadania nazionalita"
    " cittadinanza nationaliteit nacionalidade cidadania parteizugehorigkeit"
)
_SIGNS = (
    f"{_PLAIN_SIGNS} religion faith glaube bekenntnis confession croyance religione fede"
    " confessione credo confesion creencia creencias disability disabilities behinderung"
    " schwerbehinderung handicap discapacidad disabilita gdb gender sex geschlecht sexe sexo sesso"
    " caste gewerkschaft union kinder children enfants hijos figli kinderen jahrgang age alter edad"
    " eta leeftijd idade"
)
_ENDINGS = (
    "konfessionszugehorigkeit kirchenzugehorigkeit religionszugehorigkeit religionsangehorigkeit"
    " religionsbekenntnis religionsgemeinschaft glaubensbekenntnis glaubensgemeinschaft"
    " glaubensrichtung staatsangehorigkeit staatsangehorigkeiten"
    " staatsburgerschaft staatsburgerschaften"
)
BIRTH_SIGNS = (
    "birth birthdate birthday birthplace dob o geb geburtsdatum geburtstag geburtsort geburtsjahr"
    " geburtsland geburt naissance nacimiento nascita nascimento geboortedatum geboorteplaats"
    " geboortejaar urodzenia рождения"
)
LABELS = (
    form(_SIGNS, _LABELLED, endings=_ENDINGS),
    form(f"{_PLAIN_SIGNS} {BIRTH_SIGNS}", _IN_A_TABLE, endings=_ENDINGS),
    form(_SIGNS, _BESIDE, endings=_ENDINGS),
    form("my mein meine mon ma mi mia mio mijn", _MINE),
    form("age alter edad eta leeftijd idade", _AGE),
)
