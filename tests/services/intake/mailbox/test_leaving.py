"""Who wants to hear no more, in whichever words of four languages they say so."""

import pytest

from services.intake.mailbox.domain.leaving import wants_no_more
from services.notifier.rendering.samples import NOW, samples
from shared.contract.events.people import Channel
from shared.contract.events.purposes import Purpose
from tests.services.notifier.letters import renderer

STOPS = [
    "Stop",
    "unsubscribe",
    "Please unsubscribe me.",
    "Please remove me from your list",
    "Hello,\n\nplease remove me from your mailing list. I have found a job.\n\nKind regards\nAda",
    "Can you take me off your list? Thanks",
    "I no longer wish to receive your emails.",
    "Thanks, but no more emails please",
    "Stop emailing me!",
    "I don't want to receive any more of these messages",
    "I do not want any more emails from you, thank you.",
    "Dear Sir or Madam, please do not contact me again. Regards",
    "keine Mails mehr",
    "Bitte keine E-Mails mehr.",
    "Guten Tag,\nbitte nehmen Sie mich aus Ihrem Verteiler. Ich habe eine Stelle gefunden.\n\nGruß",
    "Könnten Sie mich bitte von der Liste streichen? Danke",
    "Ich möchte nicht mehr kontaktiert werden.",
    "Bitte schreiben Sie mir nicht mehr",
    "Abmelden",
    "Bonjour,\n\nmerci de me désinscrire de votre liste.\n\nCordialement",
    "Pourriez-vous me retirer de votre liste ?",
    "Je ne souhaite plus recevoir vos e-mails.",
    "plus de mails s'il vous plaît",
    "Veuillez supprimer mon adresse.",
    "Quiero darme de baja",
    "Por favor, no me escriban más.",
    "Hola, no quiero recibir más correos suyos. Un saludo",
    "¿Podrían eliminar mi correo de la lista?",
    "Baja",
]
ANSWERS = [
    "",
    "Yes, I would like to talk.",
    "Thank you for the kind letter. When can I call?",
    "Please do not remove me from your list!",
    "If I get another offer I would ask you to remove me from your list.",
    "Will you remove me from your list?",
    "Why did you stop sending me news?",
    "I will stop by your office on Monday to bring the papers that you asked for.",
    "Please do not contact me by phone. Mail is better.",
    "Please don't write to me until March.",
    "I no longer wish to be considered for the night shift.",
    "I worked on the unsubscribe button of a newsletter",
    "Bitte nehmen Sie mich nicht von der Liste.",
    "Nehmen Sie mich!",
    "Schreiben Sie mir nicht am Wochenende.",
    "Ich habe keine Fragen mehr.",
    "Je ne souhaite plus travailler à Paris.",
    "Ne me contactez plus par téléphone.",
    "Si ya no hay sitio, no me escriban.",
    "No quiero recibir la oferta por correo postal.",
]


@pytest.mark.parametrize("text", STOPS)
def test_a_wish_to_hear_no_more_is_understood(text: str) -> None:
    assert wants_no_more(text)


@pytest.mark.parametrize("text", ANSWERS)
def test_what_may_mean_something_else_is_left_to_a_human(text: str) -> None:
    assert not wants_no_more(text)


def test_no_letter_of_ours_says_so_where_a_mail_program_does_not_mark_what_it_quotes() -> None:
    letters = [
        renderer().render(each, NOW).text
        for _, each in samples()
        if each.channel is Channel.EMAIL and each.is_to_candidate
        if each.purpose is not Purpose.STOPPED
    ]
    assert letters
    assert not [text for text in letters if wants_no_more(f"Yes, I would.\n\n{text}")]
