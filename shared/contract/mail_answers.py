"""What a mail server's answer says of a mailbox: that there is none, something else, or nothing.

An address is given up at once where it is said of the recipient that there is no such mailbox, by
a code whose words, if there are any, say so too, and for nothing else: a mail that was too big, too
late or unwanted says nothing of it, and neither does what is so for now, a full box, a server that
fails, or a sender who is not known. Only what is said counts, never the names of those it is said
of: somebody at contemporary.example is not away temporarily.
"""

import re
from collections.abc import Collection

NO_SUCH_MAILBOX = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
"""Enhanced status codes (RFC 3463, RFC 7505) after which writing there again is no use."""
NO_MAILBOX_CODES = frozenset({"550", "551", "553"})
"""Reply codes (RFC 5321) of servers that know no such mailbox."""
_SAYS_LITTLE = re.compile(r"5\.(?:1\.\d+|[235]\.0)")
"""Codes that leave it to the words beside them."""
_UNDEFINED = "5.0.0"
"""What stands where a server gave no enhanced code."""

_BARE = r"[^\s<>()\[\]:;,\"]{1,80}"
_NAMES = re.compile(
    rf'(?:"[^"]{{0,80}}" ?)?<(?:[^<>@]*@[^<>]*|[^<>\s]*)>|(?:"[^"]{{0,80}}"|{_BARE})@{_BARE}'
    r"|\b[\w-]{1,40}=\S+|\bhttps?:\S+"
    r"|(?<![\w.-])(?:[\w-]+\.)+(?:[a-z]{2,}|[A-Z]{2,}|xn--[\w-]+)(?![\w-]|\.\w)"
    r"""|"[^\s"]+"|(?<!\w)'[^\s']+'(?!\w)"""
    r"|\b(?:id|ref|reference|ticket|session|queue|case)\b[ .:=#]*[\w-]{0,80}\d[\w-]*",
    re.ASCII,
)
"""Addresses, hosts, links, ids and quoted names. A name in mixed case is a program's, no host's."""
_NAMED = " @ "
"""What stands for each of them, so that it stays a word of its sentence."""
_ADDRESS = re.compile(r"([\w.+=-]{1,64})@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_ANOTHER = "\0"
"""What stands for an address that is not the recipient's."""
_OF_ANOTHER = re.compile(
    rf"(?:no such \w+|unknown \w+|unknown|not found|does not exist)[ :,-]{{0,3}}[<(\[]?{_ANOTHER}"
    rf"|{_ANOTHER}[>)\]]?[ :,-]{{0,3}}(?:is )?"
    r"(?:(?:user )?unknown|no such|not found|does not exist|not a known)"
)
_TOLD = re.compile(
    r"\b(?:to|by|(?:inform|notify|contact|tell|ask|advis|warn)\w*|notifi\w+|dear|attention) "
    r"(?:the |your )?(?:original )?sender\b"
)
"""Where the sender is one to whom something is said, and not of whom."""

_ADVICE = re.compile(
    r"\b(?:check|verify|correct)\w* [^.;]{0,60}?\b(?:retry\w*|try(?:ing)? again)"
    r"|\btry again with (?:another|a different)\b"
)
"""To write to another address, not to wait."""

_ENHANCED = re.compile(r"(?<![\w.])[245]\.[0-7]\.\d{1,3}(?!\.?\w)", re.ASCII)
_REPLY = re.compile(r"(?<![\w.@+-])[45]\d\d(?!\w|[.@]\w)", re.ASCII)
_SAYS_NO_MAILBOX = re.compile(
    r"user unknown|unknown (?:user|recipient|addressee)"
    r"|no such (?:user|mailbox|recipient|person|address)|no mailbox"
    r"|(?:user|account|mailbox|recipient|address) (?:\S+ )?(?:does not|doesn.t) exist"
    r"|(?:user|mailbox|recipient|account) (?:\S+ )?(?:not found|disabled|inactive)"
    r"|(?:user|recipient) (?:\S+ ){0,2}not listed|address could not be found"
    r"|addressee (?:\S+ )?(?:unknown|not known)|null ?mx"
    r"|invalid (?:recipient|mailbox)|recipient (?:\S+ )?(?:unknown|not exist)"
    r"|account that you tried to reach"
)
"""How servers say it that give no enhanced code, or the wrong one."""
_OF_PROVIDERS = re.compile(
    r"5\.4\.1 (?:\[\S+\]: )?recipient address rejected: access denied"
    r".{0,40}(?:\bas\(\d+\)|\.protection\.outlook\.com)"  # Exchange Online
    r"|5\.4\.1 \[\S+@\S+\]: recipient address rejected: access denied"
    r"|5\.5\.0 requested action not taken: mailbox unavailable"  # Outlook.com
    r"|5\.7\.1 no such user!"  # Yandex
    r"|5\.1\.351 remote server returned unknown recipient"
)
"""What they answer for nothing but users whom they do not know, with a code that says less."""
_WHOM = r"(?:user|recipient|mailbox|account|address(?:ee)?|alias|destination|e-?mail)"
_GONE = re.compile(
    rf"\b{_WHOM}s?\b[^.;]{{0,30}}\b(?:deleted|removed|closed|moved|terminated|cancell?ed|gone|left"
    r"|invalid|inactive|disabled|deactivated|unavailable|obsolete|expired)\b"
    rf"|\b{_WHOM}s? (?:@ )?(?:address )?rejected"
    r"(?! (?:your|the|this|a|by|as|mail|message|it|due)\b)"
    rf"|\b(?:invalid|inactive|bad|illegal|disabled|undeliverable|dead)\b[^.;]{{0,20}}\b{_WHOM}"
    r"|\bunknown\b(?! (?:error|reason|problem|failure))|unrout\w+ address|notfound|not found"
    r"|no such (?!file|table|device)|no longer (?!accept|allow|take)|nobody by|does.{1,5}have an?\b"
    r"|not (?:a )?(?:valid|known|listed|exist|recogni[sz]ed|registered|local|our customer)"
    r"|doesn.t exist|no (?:account|mailbox|forwarding)|null ?mx|domain .{0,20}no mx"
    r"|unbekannt|existiert nicht|nicht (?:gefunden|bekannt|vorhanden)|ungültig|gelöscht"
    r"|inconnu|inexist|introuvable|n.existe|invalide|desconocid|no existe|no encontrad"
    r"|sconosciut|inesistent|non (?:esiste|trovat)|onbekend|bestaat niet|niet gevonden"
    r"|nie istnieje|nieznan|desconhecid|n[aã]o existe|okänd|ukendt|ukjent"
    r"|неизвест|не (?:существует|найден)|\bmoved\b|\bsyntax\b"
)
"""What says so beside a code that does."""
_WORD = re.compile(r"[^\W\d_]{2,}")
_SAYING_NOTHING = {
    *("smtp", "rfc", "utf", "dns", "unix", "lmtp", "postfix", "host", "said", "in", "reply", "to"),
    *("rcpt", "command", "mail", "message", "delivery", "failed", "failure", "permanent", "fatal"),
    *("error", "status", "bounced", "the", "was", "not", "be", "could", "delivered", "recipient"),
    *("undeliverable", "address", "remote", "server", "returned", "by", "from", "for", "this"),
}
"""What servers say of any failure."""
_FULL = re.compile(
    r"quota|exceed|(?:box|storage|disk|account|@) full\b|full (?:mail|in|post)?box"
    r"|\b(?:is|was|too|over|already|currently|now) ?full\b|over.?(?:limit|capacity|drawn)"
    r"|\bover (?:\S+ ){0,3}(?:limit|capacity|allowance|allocation|maximum|size)\b"
    r"|(?:limit|capacity|maximum)\b.{0,40}\breached|reached .{0,40}\b(?:limit|capacity|maximum)"
    r"|used up|exhausted|(?:size|box) limit|storage (?:\S+ )?(?:limit|space|capacity|allocation)"
    r"|at (?:full )?capacity|space (?:left|available|remaining)"
    r"|(?:insufficient|not enough|no|no more|lacks?|out of|low on|without) (?:free |any )?"
    r"(?:\S+ )?(?:storage|space|room|disk)\b"
    r"|(?:accept|hold|store|take|receive) (?:any |no )?(?:more|further)\b"
    r"|(?:fach|konto|box|speicher)\b.{0,20}\b(?:über)?voll\b|überfüllt|speicherplatz"
    r"|kontingent|limit erreicht|\bcuota|\bespac(?:e|io)\b.{0,20}insu|pełn[aey]|\bat 100"
    r"|number of messages|zu viele nachrichten"
    r"|\b(?:bo.{1,6}te|messagerie)\b.{0,40}\b(?:pleine|saturée)|buz.{1,6}n\b.{0,40}\bllen[oa]"
    r"|casella.{0,40}\bpiena|caixa.{0,40}\bcheia|(?:postvak|mailbox)\b.{0,20}\bvol\b"
)
"""That there is a mailbox, and no room in it."""
_FOR_NOW = re.compile(
    r"\btempor(?:ar|air|al)|gr[ae]y.?list|try again|\bretry\b|\blater\b|at a rate|\bcurrently\b"
    r"|too (?:many|much|quickly)|maintenance|suspen[ds]|being (?:moved|migrated)|migration"
    r"|\bfor now\b|\buntil\b|at (?:this|the) (?:time|moment)|\blocked\b|on hold|frozen|paused"
    r"|\b(?:ldap|database|directory|backend|lookup|server|system|storage)\b[^.;]{0,20}\b(?:fail|down\b"
    r"|error|unavailable|not (?:available|reachable|accepting)|unreachable|shutting)"
    r"|internal (?:server )?error|service (?:not available|unavailable)|closing channel"
    r"|not (?:be )?(?:stored|written)|not (?:yet |been )*activated|hibernat"
    r"|upgrad|offline|for \d+ (?:hour|min)|vorübergehend|derzeit|momentan|wartung|später|plus tard"
    r"|más tarde|actuellement"
)
_US = (
    r"(?:\b(?:senders?|originators?|authors?|reply-to|envelope|return.(?:path|address)"
    r"|reverse.(?:path|dns)|spf|dkim|dmarc|helo|ehlo|rdns|ptr"
    r"|absender\w*|expéditeur|remitente|mittente|afzender)\b"
    r"|\b(?:header|mime|smtp|the|your|in)[ .-]from\b"
    r"|\bfrom[ :-]+(?:address(?! book| list)|addr|header|field|line|domain)\b"
    r"|\bfrom:? @ (?=does|is |not|unk|inv))"
)
"""By which names servers speak of whoever sent a mail."""
_AMISS = (
    r"(?:unknown|unresolv|unrout|unverif|unauth|invalid|illegal|\bbad|\bno such|refus|reject|denied"
    r"|fail|forged|block|verif|mismatch|missing|disabled|inactive|non.?exist"
    r"|(?:\bnot|n.t|cannot)\b(?: be| a| in)? ?(?:exist|found|known|valid|allow|accept|permit|verif"
    r"|auth|resolv|match|recogni)|unbekannt|existiert nicht|ungültig|inconnu|n.existe|desconocid"
    r"|no existe|sconosciut|non esiste|onbekend)"
)
_BETWEEN = r"(?:(?!recipient|rcpt|addressee|destination)[^.,;]){0,80}?"
"""Words of one sentence that turns to nobody else."""
_ABOUT_US = re.compile(
    rf"{_US}{_BETWEEN}{_AMISS}|{_AMISS}{_BETWEEN}{_US}|sender.? (?:address|domain)|of sender"
    r"|(?<!recipient )verif\w+ (?:failed|error)|call(?:out|back)|mail.?from\b|badmail"
    r"|\byour (?:domain|server|host|ip)\b"
)
"""That it is us who are not known, whatever else is said with it."""
_ANOTHER_REASON = re.compile(
    r"\bblock(?:ed|ing|s|.?list)|black.?list|spam|(?<!not )\blisted\b|\bpolic(?:y|ies)\b|reputation"
    r"|denied|timed? ?out|expired|\bloop(?:s|ing)?\b|too (?:big|large|long)|\bsize\b|\bcontent\b"
    r"|phish|\bjunk\b|bulk|unsolicited|attachment|not allowed|\brules?\b"
    r"|rejected (?:your|the|this) "
    r"|virus|no answer|unreachable|\bconnection\b|\brelay"
)
"""Why mails come back to whom there is a mailbox, unless it is said that there is none."""


def says_no_mailbox(*said: str | None, whose: Collection[str] = ()) -> bool | None:
    """Tells whether there is no such mailbox, by codes and words; None where they do not say.

    An answer may come in pieces, such as the status that one server made of another's words. Where
    it is told whose addresses were written to, what is said of another mailbox says nothing.
    """
    whole = " ".join(piece for piece in said if piece)
    if whose and _is_of_another(whole.lower(), {it.lower().partition("@")[0] for it in whose}):
        return False
    unnamed = _NAMES.sub(_NAMED, whole).lower()
    answer = _ADVICE.sub("", _TOLD.sub("", " ".join(unnamed.split())))
    replies = set(_REPLY.findall(answer))
    codes = set(_ENHANCED.findall(answer)) - {_UNDEFINED}
    is_for_now = any(code.startswith("4") for code in replies | codes)
    if is_for_now or any(it.search(answer) for it in (_FULL, _FOR_NOW, _ABOUT_US)):
        return False
    if _OF_PROVIDERS.search(whole.lower()):
        return True
    in_words = bool(_SAYS_NO_MAILBOX.search(answer))
    is_other = bool(_ANOTHER_REASON.search(answer))
    if codes:
        return _by_code(codes, answer, in_words=in_words, is_other=is_other)
    if (is_other and not in_words) or (replies and not replies & NO_MAILBOX_CODES):
        return False
    return True if replies and in_words else None


def _is_of_another(answer: str, users: Collection[str]) -> bool:
    """Tells whether it is somebody else's mailbox that is not there; domains may have two names."""
    marked = _ADDRESS.sub(lambda it: it[0] if it[1] in users else _ANOTHER, answer)
    return _OF_ANOTHER.search(marked) is not None


def _by_code(codes: set[str], answer: str, *, in_words: bool, is_other: bool) -> bool | None:
    """Judges by enhanced codes, which many servers give for whatever ails themselves."""
    if not codes <= NO_SUCH_MAILBOX:
        return (
            in_words and not is_other and all(map(_SAYS_LITTLE.fullmatch, codes - NO_SUCH_MAILBOX))
        )
    if in_words or is_other:
        return in_words
    says_so = _GONE.search(answer) or not set(_WORD.findall(answer)) - _SAYING_NOTHING
    return True if says_so else None
