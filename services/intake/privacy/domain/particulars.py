"""Finds when somebody was born, and what nobody may be judged by.

Birth, age, religion, disability and the like are told by a label before them, or by what people say
of themselves; not by what an employer, a job or a membership may give away.
"""

import re
from collections.abc import Collection, Iterator

from services.intake.privacy.domain.forms import REST, form, matching
from services.intake.privacy.domain.spans import Finding, Span

PERSONAL = "[personal]"

_NTH = r"(?:st|nd|rd|th|er|[oa°])?"
_MONTH = rf"{_NTH}\.? ?(?:of |de )?[^\W\d_]{{3,10}}[.,]? (?:del? )?"
_DAY = (
    rf"\d{{0,2}}{_MONTH}(?:\d{{1,2}}{_NTH},? )?\d{{4}}|\d{{1,2}}{_MONTH}'?\d{{2}}\b"
    r"|\d{4}[./-]\d{1,2}[./-]\d{1,2}|(?:\d{1,2}[./ -]{1,2}){0,2}\d{1,4}"
)
_BIRTH = re.compile(
    r"\b(?:date of birth|d\.?o\.?b\.?|birth ?da(?:te|y)|place of birth|birth ?place|geburts(?:datum"
    r"|tag|ort|jahr)|geb\.? ?-? ?dat(?:um\b|\.)|year of birth|(?:(?:date|lieu|annee) de )?naissance"
    r"|(?:(?:fecha|lugar|ano) de )?nacimiento|(?:(?:data|luogo|anno) di )?nascita"
    r"|(?:(?:data|local|ano) de )?nascimento|geboortedatum|geboorteplaats|geboortejaar"
    rf"|data urodzenia|дата рождения)(?:{REST}|(?:\s{{1,3}}|\s{{0,2}}[-–—]\s{{0,2}})(?:{_DAY}))"
)
_BORN = re.compile(
    r"\b(?:born(?: on| in)?|geboren(?: am)?|geb\.(?: am)?|nee?(?:\(e\))? (?:le|en)"
    r"|naci(?:d[oa]|o) e[ln]|nat[oa] (?:il|a)|nascid[oa] em|geboren op|ur\.)(?::\s{0,2}|\s{1,2})"
    rf"(?:[^\W\d_]{{2,20}},? (?:on |in |am )?)??(?:{_DAY})(?:,? in [^\W\d_]{{2,30}})?"
)
_BORN_AT = re.compile(
    r"\b(?:geboren|geb\.|nee?(?:\(e\))?|naci(?:d[oa]|o)|nat[oa]|nascid[oa]) (?:in|a|en|em)"
    rf" [^\W\d_]{{2,30}},? (?:am|le|el|il|em) (?:{_DAY})"
)
_STAR = re.compile(
    r"(?<![^\s(,;|])[*★✶✱∗](?:"
    r"\d{1,2}[./-] ?\d{1,2}[./-] ?(?:19|20)?\d\d\b(?! ?(?:-|bis\b|to\b))"
    r"|[ \t]{0,2}(?:\d{1,2}[./-] ?\d{1,2}[./-] ?|\d{1,2}\.? [^\W\d_]{3,10} )(?:19|20)\d\d"
    r"(?=[ \t]{0,2}(?:$|[\n,)|\x00]|in ))"
    r")(?:,? in [^\W\d_]{2,30})?"
)
"""As a birth is marked beside a name; what is listed behind stars goes on behind its day."""
_AGE = re.compile(
    r"\b(?:age|alter|edad|eta|leeftijd|idade)[ \t]{0,2}[:=][ \t]{0,2}\d\d\b(?: [^\W\d_]{2,8})?"
)
_AGED = re.compile(
    r"\b(?:i am|i'm|ich bin|j'ai|tengo|ik ben)(?: now)? \d\d (?:years?|jahre|ans|anos|anni|jaar)"
    r"(?: (?:old|alt|oud))?"
)
_LABELS = (
    r"religion|religious affiliation|faith|konfession(?:szugehorigkeit)?|religions(?:zugehorigkeit"
    r"|angehorigkeit|bekenntnis|gemeinschaft)|glaubens(?:bekenntnis|gemeinschaft|richtung)|glaube"
    r"|bekenntnis|kirchenzugehorigkeit|confession(?: religieuse)?|appartenance religieuse|croyance"
    r"|religione|fede|confessione|credo(?: religioso)?|confesion|creencias?|afiliacion religiosa"
    r"|disabilit(?:y|ies)(?: status)?|behinderung|schwerbehinderung|grad der behinderung|handicap"
    r"|degree of disability|discapacidad|disabilita|marital status|familienstand|civil status"
    r"|etat civil|estado civil|stato civile|nationality|citizenship|staatsangehorigkeit"
    r"|staatsburgerschaft|nationalitat|nationalite|nacionalidad|nazionalita|nationaliteit|gender"
    r"|sex|geschlecht|sexe|sexo|sesso|ethnicity|ethnic origin|caste|sexual orientation"
    r"|political affiliation|parteizugehorigkeit|gewerkschaft|trade union|kinder"
    r"|number of children|jahrgang"
)
_VALUE = r"[ \t]{0,3}[:=][ \t]{0,3}(?:[^\n|•;.,\x00]|\.(?=[\w-])){1,60}(?:, [^\n|•;.,\x00]{1,40})?"
_LABELLED = re.compile(rf"\b(?:{_LABELS}){_VALUE}")
_FAITHS = (
    r"catholic|protestant|christian|muslim|jewish|jew|hindu|buddhist|sikh|mormon|atheist"
    r"|evangelical|lutheran|baptist|anglican|quaker|katholisch|katholik|evangelisch|muslimisch"
    r"|muslima|judisch|orthodox|catholique|musulmane?|juif|juive|catolic[oa]|katholikin|protestantin"
    r"|christ(?:in)?|jud(?:e|in)|moslem(?:in)?|buddhist(?:in|isch)|hinduistisch|konfessionslos"
    r"|atheist(?:in|isch)|orthodoxe|protestante|chretien(?:ne)?|bouddhiste|athee|evangelique"
    r"|musulmana|musulmano|judi[oa]|cristian[oa]|ortodox[oa]|budista|ate[oa]|evangelic[oa]"
    r"|cattolic[oa]|ebre[oa]|ortodoss[oa]|buddista"
)
_CONDITIONS = (
    r"disabled|deaf|blind|hard of hearing|visually impaired|hearing impaired|paraplegic|autistic"
    r"|epileptic|dyslexic|bipolar|pregnant|schwerbehindert|behindert|gehorlos|schwanger|handicapee?"
    r"|gay|lesbian|bisexual|transgender|non-binary|hiv[ -]positive"
)
_FERVENT = (
    r"practi[sc]ing|devout|committed|observant|religious|strict|gl[aä]ubige?r?|praktizierende?r?"
)
_DEGREE = r"severely|registered|legally|partially|profoundly|physically|visually|clinically|born"
_SELF = r"\b(?:i am|i'm|ich bin|je suis|soy|sono|ik ben)(?: an?| eine?| une?)?"
_SAID = re.compile(
    rf"{_SELF} (?:(?:{_FERVENT}|{_DEGREE}) ){{0,2}}(?:{_FAITHS}|{_CONDITIONS})\b"
    rf"|\b(?:as an? |als )?(?:{_FERVENT}) (?:roman )?(?:{_FAITHS})\b"
    rf"|\b(?:severely|registered|legally) (?:disabled|blind|deaf)\b"
    r"|\bschwerbehindert\w{0,20}(?: \(?gdb ?\d{2,3} ?%?\)?)?|\bgdb(?: von)? ?\d{2,3}(?: ?%)?"
    r"|\bschwerbehinderung\b|\b(?:as a )?wheelchair user\b"
)
_AILMENTS = (
    r"disabilit(?:y|ies)|behinderung|handicap|discapacidad|autism|asperger\w{0,3}|epilepsy|dyslexia"
    r"|adhd|multiple sclerosis|depression|cerebral palsy|diabetes|hearing loss|visual impairment"
    r"|hearing impairment|hearing aids?|chronic illness|cancer"
)
_HAS = re.compile(
    r"\b(?:i (?:have|suffer from|live with|was diagnosed with|was born with)|because of my"
    r"|due to my|despite my|my own|my|ich habe|wegen meiner|trotz meiner|j'ai|tengo)"
    rf" (?:an? |eine? |une? |una? )?(?:[^\W\d_]{{3,14}} ){{0,2}}?(?:{_AILMENTS})\b"
)
_MEMBER = re.compile(
    r"\b(?:active |lay )?member of (?:the |an? |my )?(?:[\w'.-]{1,25} ){0,4}?(?:church|mosque"
    r"|synagogue|parish|congregation|gurdwara)\b"
)


_OF_A_BIRTH = "born geb geboren ne nee nacio nacido nacida nato nata nascido nascida ur"
_FORMS = (
    form(
        "birth birthdate birthday birthplace dob o geb geburtsdatum geburtstag geburtsort"
        " naissance geburtsjahr nacimiento nascita nascimento geboortedatum geboorteplaats"
        " geboortejaar urodzenia рождения",
        _BIRTH,
    ),
    form(_OF_A_BIRTH, _BORN),
    form(_OF_A_BIRTH, _BORN_AT),
    form("age alter edad eta leeftijd idade", _AGE),
    form("i ich ai tengo ik", _AGED),
    form(
        "religion religious faith konfession konfessionszugehorigkeit religionszugehorigkeit"
        " religionsangehorigkeit religionsbekenntnis religionsgemeinschaft glaubensbekenntnis"
        " glaubensgemeinschaft glaubensrichtung glaube bekenntnis kirchenzugehorigkeit confession"
        " religieuse croyance religione fede confessione credo confesion creencia creencias"
        " religiosa disability disabilities behinderung schwerbehinderung handicap discapacidad"
        " disabilita marital familienstand civil civile nationality citizenship"
        " staatsangehorigkeit staatsburgerschaft nationalitat nationalite nacionalidad"
        " nazionalita nationaliteit gender sex geschlecht sexe sexo sesso ethnicity ethnic caste"
        " sexual affiliation parteizugehorigkeit gewerkschaft trade kinder children jahrgang",
        _LABELLED,
    ),
    form(
        "catholic protestant christian muslim jewish jew hindu buddhist sikh mormon atheist"
        " evangelical lutheran baptist anglican quaker katholisch katholik evangelisch muslimisch"
        " muslima judisch orthodox catholique musulman musulmane juif juive catolico catolica"
        " katholikin protestantin christ christin jude judin moslem moslemin buddhistin"
        " buddhistisch hinduistisch konfessionslos atheistin atheistisch orthodoxe protestante"
        " chretien chretienne bouddhiste athee evangelique musulmana musulmano judio judia"
        " cristiano cristiana ortodoxo ortodoxa budista ateo atea evangelico evangelica cattolico"
        " cattolica ebreo ebrea ortodosso ortodossa buddista disabled deaf blind hearing impaired"
        " paraplegic autistic epileptic dyslexic bipolar pregnant schwerbehindert behindert"
        " gehorlos schwanger handicape handicapee gay lesbian bisexual transgender binary hiv"
        " schwerbehinderung gdb wheelchair schwerbehinderte schwerbehinderter",
        _SAID,
    ),
    form(
        "disability disabilities behinderung handicap discapacidad autism asperger aspergers"
        " epilepsy dyslexia adhd sclerosis depression palsy diabetes hearing impairment illness"
        " cancer",
        _HAS,
    ),
    form("church mosque synagogue parish congregation gurdwara", _MEMBER),
)


def particulars(folded: str, words: Collection[str]) -> Iterator[Finding]:
    """Yields where a text in plain form, with these words, tells what nobody needs to know."""
    yield from matching(_FORMS, folded, words, PERSONAL)
    yield from (Finding(Span(*match.span()), PERSONAL) for match in _STAR.finditer(folded))
