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
    "Dear Ms Weber, please do not contact me again.",
    "Guten Tag, bitte keine weiteren E-Mails",
    "I don't want any mail from you",
    "No longer interested, please don't write again",
    "I found a job. Please stop emailing me\nAda",
    "Thank you for your messages, but I would like to ask you now to please\nstop emailing me.",
    "I withdraw my consent.",
    "I do not wish to be contacted again.",
    "Never contact me again",
    "Don't ever email me again!",
    "Hiermit widerrufe ich meine Einwilligung.",
    "No deseo recibir más correos electrónicos",
    "Quiero dar de baja mi correo",
    "Nehmen Sie mich bitte raus",
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
    "Please remove me from the Ward Nurse process but keep me in mind for others",
    "Thank you! Stop by our office",
    "Stop, I am interested!",
    "Please do not contact me at my work number, use this one",
    "Please do not contact my current employer",
    "No more emails needed, just call me.",
    "Please stop emailing me. Call me instead!",
    "Please unsubscribe the other address, not this one",
    "Please delete my address Main St 5, new address is Oak 7",
    "Take me off hold please",
    "Stop sending me the reminders about documents, I sent them",
    "My wife told me to stop contacting competitors",
    "I would hate it if you remove me from your list",
    "Rufen Sie mich bitte ab Montag an",
    "Ich möchte mich bitte ab Januar bewerben",
    "Ich muss mich abmelden von der Schule, dann kann ich anfangen",
    "Bitte nicht mehr schreiben, sondern anrufen",
    "Löschen Sie meine Adresse, ich bin umgezogen nach Bonn",
    "Je ne veux plus de messages automatiques mais un appel",
    "Il n'y a plus de messages depuis mars, suis-je toujours candidate",
    "J'ai cru ne plus être contactée, merci",
    "No deseo que me descarten",
    "No quiero que me olviden, me interesa mucho",
    "Estoy de baja hasta mayo",
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
