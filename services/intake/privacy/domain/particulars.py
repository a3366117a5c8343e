"""Finds when somebody was born, and what nobody may be judged by.

Birth, age, religion, disability and the like are told by a label before them, or by what people say
of themselves; not by what an employer, a job or a membership may give away.
"""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from services.intake.privacy.domain.births import BIRTHS, STAR
from services.intake.privacy.domain.family import FAMILY_FORMS
from services.intake.privacy.domain.forms import END, GOES_ON, PHRASE, Forms, form
from services.intake.privacy.domain.labels import LABELS
from services.intake.privacy.domain.nationality import NATIONALITY_FORMS
from services.intake.privacy.domain.spans import Finding, Span

PERSONAL = "[personal]"

_FAITHS = (
    r"catholic|protestant|christian|muslim|jewish|jew|hindu|buddhist|sikh|mormon|atheist"
    r"|evangelical|lutheran|baptist|anglican|quaker|katholisch|katholik|evangelisch|muslimisch"
    r"|muslim(?:in|a)|judisch|orthodox|catholique|musulmane?|juif|juive|catolic[oa]|katholikin|protestantin"
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
    rf"{_SELF} (?:(?:{_FERVENT}|{_DEGREE}) ){{0,2}}"
    rf"(?:(?:roman|romisch|gree[ck]|griechisch)[ -])?(?:{_FAITHS}|{_CONDITIONS})\b"
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


_DENOMINATION = re.compile(
    rf"\b(?:ich bin |{PHRASE})"
    r"(?:(?:rom|roman|romisch|griech|griechisch)\.?[ -]{1,2}(?:[ck]ath|orth)\w{0,10}\.?"
    r"|(?:evang?\w{0,8}|ev)\.? [ah]\.? ?b\.?|konfessionslos|ohne (?:religions)?bekenntnis)"
    rf"{END}"
)
_DISABLED = re.compile(
    rf"\b(?:(?:i am|i'm|ich bin)(?: zu)? \d{{2,3}} ?(?:%|prozent|percent) (?:schwer)?"
    r"(?:behindert|disabled)|\d{2,3} ?(?:%|prozent|percent) (?:behinderung|disability)"
    r"|grad der behinderung von \d{2,3}"
    r"|(?:(?:ich habe|ich besitze|mit|inhaber(?:in)?) (?:eine[ns]? )?"
    rf"|{PHRASE})(?:schwer)?behinderten(?:ausweis(?:es)?|pass(?:es)?)(?:{END}|{GOES_ON}))"
)


_FORMS = Forms(
    *LABELS,
    *BIRTHS,
    *FAMILY_FORMS,
    *NATIONALITY_FORMS,
    form(
        "konfessionslos ohne ev evang evangelisch orth orthodox",
        _DENOMINATION,
        endings="kath katholisch catholic",
    ),
    form(
        "behindert behinderung disabled disability",
        _DISABLED,
        endings="behindertenausweis behindertenpass",
    ),
    form(
        "catholic protestant christian muslim jewish jew hindu buddhist sikh mormon atheist"
        " evangelical lutheran baptist anglican quaker katholisch katholik evangelisch muslimisch"
        " muslima muslimin judisch orthodox catholique musulman musulmane juif juive catolico"
        " catolica"
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


def particulars(folded: str, words: AbstractSet[str]) -> Iterator[Finding]:
    """Yields where a text in plain form, with these words, tells what nobody needs to know."""
    yield from _FORMS.matching(folded, words, PERSONAL)
    yield from (Finding(Span(*match.span()), PERSONAL) for match in STAR.finditer(folded))
