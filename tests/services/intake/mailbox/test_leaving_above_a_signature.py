"""What stands below a wish, or between bars: a signature, a footer, or something else said."""

import pytest

from services.intake.mailbox.domain.leaving import wants_no_more

SIGNED_BETWEEN_BARS = [
    "Please unsubscribe me.\n\nKind regards\nAda Lovelace | Head of Care | +43 664 1234567",
    "Please unsubscribe me.\n\nAda Lovelace | Senior Nurse | Tel. 0664 1234567",
    "I unsubscribe.\nAda Lovelace | ada@x.example | www.x.example",
    "Please unsubscribe me | Ada Lovelace | Nurse",
    "Ich melde mich ab, weil ich eine Stelle habe\n\nAnna Huber | 0664 1234567",
    "Je me désabonne.\n\nCordialement\nLéa Martin|Infirmière|06 12 34 56 78",
    "Me doy de baja.\nAna García | Enfermera | 600 123 123",
]
SIGNED_WITH_WHERE_THEY_ARE = [
    "Please unsubscribe me.\n\nLG\nAda Lovelace | Nurse | Main Street 5 | 0664 1234567",
    "Please unsubscribe me.\n\nKind regards\nAda Lovelace\nNurse | Rose Clinic | Tel. 0664 1234567",
    "Please unsubscribe me.\n\nKind regards\nAda Lovelace | nurse | 0664 1234567",
    "Hello,\nPlease unsubscribe me | Ada Lovelace | Nurse",
    "Please unsubscribe me.\n\nThanks\nAda\nPhone: 0664 1234567",
    "Bitte keine Mails mehr.\n\nGruß\nAnna\nMobil: 0664 1234567\nE-Mail: anna@x.example",
    "Bitte keine Mails mehr.\n\nGruß\nAnna Huber\nHandy 0664 1234567",
    "Ne m'écrivez plus.\n\nCordialement\nLéa\nTél. : 06 12 34 56 78",
    "Ne m'écrivez plus.\n\nCordialement\nLéa\nTél.: 06 12 34 56 78",
    "Ne m'écrivez plus.\n\nCordialement\nLéa\nPortable: 06 12 34 56 78",
    "No me escriban.\n\nSaludos\nAna\nMóvil: 600 123 123",
    "No me escriban.\n\nSaludos\nAna García | Tel. 600 123 123 | ana@x.example",
    "Please unsubscribe me.\nAda Lovelace | 0664 1234567",
    "Please unsubscribe me.\n\nBest\nAda\nT: +43 664 1234567\nF: +43 1 234567",
    "Please unsubscribe me.\n\nKind regards\nAda\nTel. 0664 1234567 | ada@x.example",
    "Please unsubscribe me.\n\nBest\nAda\nwww.x.example",
    "Bitte melden Sie mich ab.\n\nMfG\nAnna Huber | Pflegerin | Fax: 01 2345678",
    "Bitte melden Sie mich ab.\n\nMfG\nAnna Huber\nTelefon: 0664 1234567",
    "Me doy de baja.\n\nSaludos\nAna\nTeléfono 600 123 123",
    "Please unsubscribe me.\nAda | Nurse",
]
FOOTERS = [
    "Thank you!\n\nUnsubscribe me | Privacy",
    "Thank you!\n\nStop all emails | Preferences",
    "Thank you!\n\nStop these emails | Preferences | Help",
    "Thank you!\n\nUnsubscribe me from all emails | Manage",
    "Vielen Dank!\n\nMich abmelden | Impressum",
    "Vielen Dank!\n\nMich austragen | Datenschutz",
    "Merci !\n\nDésabonner | Confidentialité",
    "Gracias.\n\nDarme de baja | Privacidad",
    "Merci.\n\nNe plus recevoir | Aide",
    "I found the button | Unsubscribe me",
    "Thank you!\n\nPrivacy | Unsubscribe me | Hartmann Logistics",
    "Thanks\n\nHartmann Logistics | Unsubscribe me",
    "Thank you!\n\nUnsubscribe me | Ada Lovelace",
    "Unsubscribe me | Privacy Policy",
    "Mich abmelden | Impressum",
    "Thank you!\n\nUnsubscribe | Messages",
    "Danke!\n\nBitte melden Sie mich ab | Hartmann GmbH",
    "Thanks!\nStop emailing me | View Online",
    "Thank you for the letter.\n\nUnsubscribe me | Update Preferences | 0664 1234567",
]
ANOTHER_WAY_IN_THE_SIGNATURE = [
    "Please stop emailing me.\nNew | ada@new.example",
    "Please stop emailing me.\nReach Ada | 0664 1234567",
    "Please stop emailing me.\nTry Here | +43 664 1234567",
    "Bitte melden Sie mich ab.\nNeu | anna@neu.example",
    "Bitte keine Mails mehr.\nBesser Hier | 0664 1234567",
    "Please do not email me.\n\nThanks,\nCall 0664 1234567",
    "Please do not email me.\n\nThanks,\nText: 0664 1234567",
    "Please do not email me.\n\nThanks,\nWhatsApp: 0664 1234567",
    "Bitte keine Mails mehr.\n\nDanke\nAnrufen: 0664 1234567",
    "Ne m'écrivez plus.\n\nMerci\nAppelez: 06 12 34 56 78",
    "No me escriban.\n\nGracias\nLlamen: 600 123 123",
    "Please stop emailing me.\n\nThanks\nNew | ada@new.example",
    "Please stop emailing me.\n\nThanks\nNew\n0664 1234567",
    "Please stop emailing me.\n\nThanks\nReach: 0664 1234567",
    "Bitte keine Mails mehr.\n\nGruß\nNeu: anna@neu.example",
    "Bitte keine Mails mehr.\n\nGruß\nBesser: 0664 1234567",
    "Bitte keine Mails mehr.\n\nGruß\nPrivat | 0664 1234567",
    "Ne m'écrivez plus.\n\nMerci\nNouveau | lea@neuf.example",
    "No me escriban.\n\nGracias\nMejor Aquí | 600 123 123",
    "Please do not email me.\n\nThanks,\nSignal 0664 1234567",
    "Please do not email me.\n\nThanks,\nWrite: ada@new.example",
    "Please do not email me.\nMy Mobile | 0664 1234567",
    "Please stop emailing me | 0664 1234567",
]
MORE_BETWEEN_BARS = [
    "Please unsubscribe me | but keep my application",
    "Please stop emailing me | 0664 1234567",
    "Please stop emailing me.\nCall | 0664 1234567",
    "Please stop emailing me.\nAda | please try 0664 1234567",
    "Please unsubscribe me from | Events | Meetups",
    "I unsubscribe from\nCars | Boats",
    "Please unsubscribe me.\nAda | write to my new address",
    "Ich melde mich ab\nMontag | Dienstag",
    "Please do not unsubscribe me\nAda | Nurse",
    "Ada Lovelace | Nurse",
]
LINKS_BELOW_THANKS = [
    "Thank you!\n\nUnsubscribe from this list",
    "Thank you!\n\nUnsubscribe me\nTikTok",
    "Thanks!\n\nOpt out",
    "Thanks a lot, see you soon.\n\nRemove me from this mailing list",
    "Thank you!\nCancel my subscription",
    "Kind regards\nAda\n\nUnsubscribe",
    "I found a job. Thanks!\n\nI no longer wish to receive these emails",
    "Vielen Dank!\n\nMich abmelden\nShop",
    "Danke\n\nAbmelden",
    "Merci !\n\nMe désabonner",
    "Merci !\n\nNe plus recevoir ces e-mails",
    "¡Gracias!\n\nDarme de baja",
    "Muchas gracias\n\nCancelar suscripción",
]
THEIRS_BELOW_THANKS = [
    "Thank you!\n\nPlease unsubscribe me",
    "Thanks for the answer.\n\nStop emailing me.",
    "Hi Anna,\n\nI no longer wish to receive these emails\n\nAda",
    "Thanks for the answer\nPlease take me off your list",
    "Vielen Dank!\n\nBitte melden Sie mich ab",
    "Bonjour\n\nJe me désabonne\n\nMerci\nLéa",
    "Gracias.\nNo me escriban más.",
]
SIGNED_WITH_A_NAME = [
    "Please unsubscribe me\nAda",
    "Please unsubscribe me.\n\nAda L.",
    "Please stop emailing me.\n\n- Max",
    "I do not want to receive any more of these messages\n\nAda Lovelace",
    "Bitte keine Mails mehr.\n\nAnna Huber\nPflegerin",
    "Bitte nicht mehr schreiben!\nHuber Anna",
    "Ne m'écrivez plus.\nLéa Martin",
    "No me escriban.\n\nAna García",
    "Please stop emailing me.\n\nThanks,\nAda L.\nThis mail is confidential.",
]
NO_NAMES = [
    "Please don't write to me. Funeral.",
    "Please don't write to me. Asleep",
    "Please don't write to me.\nFlying!",
    "Please don't write to me.\n\nThanks!\nStudying.",
    "Working. Please stop emailing me.",
    "Please stop emailing me. Discord!",
    "Please stop emailing me.\nSlack",
    "Please stop emailing me. Documents Attached",
    "Please stop emailing me. Nevermind",
    "Please stop emailing me.\nYes",
    "Please stop emailing me. Deal!",
    "Please stop emailing me.\nThanks\nSold!",
    "FYI\n\nPlease stop writing to me.\nAnna",
    "Bitte nicht mehr schreiben. Fahre gerade Auto.",
    "Bitte nicht mehr schreiben. Trauere um Papa",
    "Bitte nicht mehr schreiben.\nNachtschicht!",
    "Bitte nicht mehr schreiben. Siehe Anhang",
    "Bitte nicht mehr schreiben. Oder Doch",
    "Bitte keine Mails mehr.\nFestnetz",
    "Bitte melden Sie mich ab. Aprilscherz!",
    "Ne m'écrivez plus. Réunion.",
    "Ne m'écrivez plus.\nOui",
    "Ne m'écrivez plus. Partante!",
    "No me escriban. Luto.",
    "No me escriban. Voy Manejando",
    "No me escriban. Vale!",
]
"""What keeps them busy, another way, or a yes."""


@pytest.mark.parametrize("text", LINKS_BELOW_THANKS)
def test_what_stands_like_a_link_below_thanks_is_nobodys_wish(text: str) -> None:
    assert not wants_no_more(text)


@pytest.mark.parametrize("text", THEIRS_BELOW_THANKS)
def test_whoever_asks_in_a_sentence_below_thanks_is_heard(text: str) -> None:
    assert wants_no_more(text)


@pytest.mark.parametrize("text", SIGNED_WITH_A_NAME)
def test_a_name_in_a_line_of_its_own_at_the_end_signs_a_wish(text: str) -> None:
    assert wants_no_more(text)


@pytest.mark.parametrize("text", NO_NAMES)
def test_few_words_beside_a_wish_are_no_name_where_they_may_be_said(text: str) -> None:
    assert not wants_no_more(text)


@pytest.mark.parametrize("text", SIGNED_BETWEEN_BARS)
def test_a_bar_parts_a_signature_like_a_line_break(text: str) -> None:
    assert wants_no_more(text)


@pytest.mark.parametrize("text", SIGNED_WITH_WHERE_THEY_ARE)
def test_a_signature_may_tell_where_somebody_is_reached(text: str) -> None:
    assert wants_no_more(text)


@pytest.mark.parametrize("text", FOOTERS)
def test_a_link_between_bars_at_the_foot_of_a_page_is_nobodys_wish(text: str) -> None:
    assert not wants_no_more(text)


@pytest.mark.parametrize("text", ANOTHER_WAY_IN_THE_SIGNATURE)
def test_who_offers_another_way_where_a_signature_stands_is_left_to_a_human(text: str) -> None:
    assert not wants_no_more(text)


@pytest.mark.parametrize("text", MORE_BETWEEN_BARS)
def test_what_is_no_signature_between_bars_is_left_to_a_human(text: str) -> None:
    assert not wants_no_more(text)
