"""Who wants to hear no more, in whichever words of four languages they say so."""

import pytest

from services.intake.mailbox.domain.leaving import wants_no_more
from services.intake.mailbox.domain.writing import Written
from services.notifier.rendering.samples import NOW, samples
from shared.contract.events.people import Channel
from shared.contract.events.purposes import Purpose
from tests.services.intake.mailbox.mails import plain, what
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
    "Ich möchte keine Mails mehr bekommen",
    "please do not write to me any more",
    "ne m'écrivez plus",
    "Ich möchte keine E-Mails mehr erhalten",
    "Ich will keine Nachrichten mehr haben",
    "Ich möchte keine Mails",
    "Bitte keine Nachrichten von Ihnen",
    "Keine Mails mehr, danke",
    "no more emails, thanks",
    "Thanks, but no more emails",
    "No more emails please",
    "I want no more mails",
    "I would like to unsubscribe",
    "I want to unsubscribe.",
    "I'd like to opt out",
    "I would like you to stop emailing me",
    "I want you to stop writing to me",
    "Could you please stop emailing me?",
    "No thanks, please unsubscribe me",
    "Not interested, please remove me from your list",
    "I am not interested. Please stop emailing me",
    "Je ne veux plus de mails",
    "Je ne souhaite plus être contactée",
    "Je souhaite me désinscrire",
    "Merci de ne plus m'écrire",
    "Je ne suis pas intéressé, merci de me désinscrire",
    "Ich habe kein Interesse, bitte streichen Sie mich",
    "Kein Interesse, bitte keine Mails mehr",
    "Ich möchte, dass Sie mich streichen",
    "Ich möchte, dass Sie mir nicht mehr schreiben",
    "Bitte kontaktieren Sie mich nicht mehr",
    "Ich möchte mich abmelden",
    "Ich möchte nichts mehr von Ihnen hören",
    "No me interesa, quiero darme de baja",
    "No quiero más correos",
    "Ya no quiero recibir correos",
    "Ya no estoy interesado, no me escriban más",
    "Quiero que eliminen mi correo",
    "No más correos, gracias",
    "no más correos por favor",
    "Por favor dar de baja mi correo",
    "Please take me off your mailing list immediately",
    "Je ne veux plus recevoir de messages",
    "plus aucun message svp",
    "Veuillez me retirer de votre liste",
    "Ich möchte keine E-Mails und keine Nachrichten mehr",
    "Bitte mich nicht mehr kontaktieren",
    "Bitte nie wieder schreiben",
    "Ich möchte von Ihnen keine Mails mehr bekommen",
    "I wish to unsubscribe",
    "I have found a job, please remove me from your list",
    "I already have a job, please stop emailing me",
    "I do not want to hear from you again",
    "Bitte nehmen Sie mich von der Liste",
    "Schreiben Sie mir nie wieder",
    "Schreiben Sie mir bitte nicht mehr",
    "Bitte alle E-Mails abbestellen",
    "Please unsubscribe me from all emails",
    "Please never write to me again",
    "I hereby revoke my consent",
    "Je vous prie de ne plus me contacter",
    "Pouvez-vous me désinscrire ?",
    "Könnten Sie mich bitte abmelden?",
    "no further contact please",
    "Pueden darme de baja de la lista",
    "Kein Interesse, nehmen Sie mich aus dem Verteiler",
    "Kein Interesse, mich nicht mehr kontaktieren",
    "Ich habe kein Interesse mehr, ich möchte mich abmelden",
    "I am not interested unsubscribe me",
    "Not interested I want to unsubscribe",
    "Je ne suis plus intéressé je souhaite me désinscrire",
    "Pas intéressé, ne plus me contacter",
    "No me interesa quiero darme de baja",
    "Ya no me interesa, por favor darme de baja",
    "No gracias, darme de baja",
    "no me escriban nunca más",
    "Please stop sending me these emails.",
    "please stop sending me these.\nThanks\nAda",
    "Stop sending me all of those messages",
    "Please stop all of these emails",
    "Stop those emails",
    "Please don't send me those any more",
    "I unsubscribe",
    "Hi Anna,\n\nI hereby unsubscribe.\n\nBest\nAda",
    "I'm unsubscribing from your emails",
    "I hereby opt out.",
    "I would like to be removed from your list",
    "I remove myself from your list",
    "Please cancel my subscription",
    "Ich melde mich ab",
    "Guten Tag,\nhiermit melde ich mich von Ihrem Verteiler ab.\n\nLG Ada",
    "Ich trage mich hiermit aus.",
    "Ich möchte mich hiermit von Ihrer Liste abmelden",
    "Könnten Sie bitte aufhören, mir zu schreiben?",
    "Ich bestelle alle Ihre Mails ab",
    "Hören Sie auf, mir zu schreiben.",
    "Bitte hört auf, mir diese Nachrichten zu schicken!",
    "Je me désabonne",
    "Bonjour, je me désinscris de votre liste. Merci\nLéa",
    "Je me désabonne de tous ces mails",
    "Arrêtez de m'envoyer ces mails",
    "Me doy de baja",
    "Hola, me doy de baja de todos esos correos. Gracias\nAna",
    "Cancelo mi suscripción.",
]
BESIDE_COURTESY_OR_A_REASON = [
    "Please unsubscribe me.\n\nKind regards,\nAda Lovelace\nNurse\n+43 (0)1 234 56\na@x.example",
    "Please unsubscribe me.\n\nBest,\nAda\nMobile: 0664 1234567\nwww.x.example",
    "Hi Anna\nplease take me off your list\nthanks",
    "Hi Anna, thanks for letting me know. Please don't email me again. Best, Tom",
    "Please remove me\nfrom your list",
    "Please remove my name from\nyour mailing list",
    "I no longer wish to receive\nany emails from you.\nThanks\nBob",
    "Please unsubscribe me.\n\nSent from my mobile phone",
    "Stop\n\nSent from my iPhone",
    "I started a new job in June. Please remove me from your list.",
    "I have asked you before: stop emailing me!",
    "You keep writing to me. Unsubscribe me.",
    "Thanks for getting back to me. I am employed. Please unsubscribe me.",
    "Stop emailing me! I never gave you my address.",
    "I don't want this job. Please remove me from your list.",
    "This is spam. Remove me from your list!",
    "Ich habe im Juni eine neue Stelle angefangen. Bitte keine E-Mails mehr.",
    "Bitte schreiben Sie mir\nnicht mehr.",
    "keine Mails mehr\nAda",
    "Bitte keine Mails mehr.\n\nMit freundlichen Grüßen\nAnna Huber\nTel. 0664 1234567",
    "Bonjour,\n\nj'ai trouvé un emploi. Merci de me désinscrire.\n\nBien à vous\nLéa\n0612345678",
    "Ne m'écrivez plus. Merci.",
    "Hola, he encontrado trabajo. No me escriban más. Gracias.\nSaludos\nAna",
]
WITH_THEIR_REASON = [
    "I unsubscribe because I found a job",
    "I opt out because I am not interested any more",
    "Please unsubscribe me, as I have found a job",
    "Hi Anna, I unsubscribe because I found a job, thanks",
    "Please remove me from your list since I got a job at Siemens",
    "I revoke my consent because I have signed a contract",
    "Since I found work, I no longer wish to be contacted.",
    "I got another job, therefore I unsubscribe",
    "I have got a new job and would like to unsubscribe",
    "Remove me from your list - I found a job",
    "I unsubscribe\nbecause I have a job.\n\nBest\nAda",
    "Ich melde mich ab, weil ich eine Stelle habe",
    "Ich melde mich hiermit ab, denn ich habe eine Stelle",
    "Ich trage mich aus, weil ich kein Interesse mehr habe",
    "Bitte melden Sie mich ab, da ich nicht mehr interessiert bin.",
    "Hören Sie auf, mir zu schreiben, weil ich schon einen Job habe",
    "Bitte keine Mails mehr, weil ich eine Arbeit gefunden habe",
    "Da ich eine Stelle habe, möchte ich mich abmelden.",
    "Ich habe eine neue Stelle gefunden und melde mich ab",
    "Habe eine Stelle gefunden, bitte melden Sie mich ab",
    "Je me désabonne car j'ai trouvé un emploi",
    "Je me désinscris de votre liste, parce que je ne suis plus intéressée.",
    "Merci de ne plus m'écrire, puisque j'ai été embauché",
    "Comme j'ai trouvé du travail, je me désabonne",
    "J'ai trouvé un travail, merci de me désinscrire",
    "J'ai signé un contrat et je me désabonne",
    "Me doy de baja porque tengo trabajo",
    "Hola, me doy de baja de su lista, ya que no me interesa. Gracias",
    "No me escriban más, porque ya tengo trabajo",
    "Como ya tengo un trabajo, quiero darme de baja",
    "He encontrado trabajo y me doy de baja",
    "Me borro de su lista porque me han contratado",
]
WITH_ANOTHER_REASON = [
    "I unsubscribe because I am ill",
    "I opt out because I found no parking",
    "I opt out because I started feeling ill",
    "Please stop emailing me because I prefer calls",
    "I unsubscribe because I found a job, but keep my application",
    "I unsubscribe because I found a job and you can still text me",
    "I unsubscribe because I found a job until June",
    "I unsubscribe from your newsletter because I found a job",
    "I unsubscribe from the course because I found a job",
    "I unsubscribe from your newsletter about cars only",
    "I did not unsubscribe because I found a job",
    "I would not want to unsubscribe because I found a job",
    "I unsubscribe if I have found a job",
    "Had I found a job, I would unsubscribe",
    "Once I have found a job, I unsubscribe",
    "Should I unsubscribe because I found a job?",
    "Would you unsubscribe me because I found a job?",
    'My brother wrote "I unsubscribe because I found a job"',
    '"I unsubscribe because I found a job" is what my brother wrote',
    "You want me to unsubscribe because I found a job",
    "My brother wants to unsubscribe because he found a job",
    "I found a job, so please do not remove me from your list",
    "Please unsubscribe me because",
    "Do not contact me just because I found a job",
    "Ich melde mich ab, weil ich krank bin",
    "Ich melde mich ab, weil mein Kind Fieber hat",
    "Ich melde mich ab, weil ich keine Stelle gefunden habe",
    "Ich melde mich ab, weil ich am Freitag arbeite",
    "Ich melde mich ab, weil das zu weit ist",
    "Ich melde mich nicht ab, weil ich eine Stelle habe",
    "Ich melde mich, weil ich eine Stelle gefunden habe",
    "Ich melde mich ab, falls ich eine Stelle habe",
    "Habe ich eine Stelle gefunden, melde ich mich ab",
    "Soll ich mich abmelden, weil ich eine Stelle habe?",
    "Ich melde mich vom Gespräch ab, weil ich eine Stelle habe",
    "Ich habe eine Stelle gefunden und möchte mich nicht abmelden",
    "Ich habe eine Stelle gefunden und melde mich ab Mai",
    "Je me désabonne car je suis malade",
    "Je ne me désabonne pas parce que j'ai trouvé un emploi",
    "Je me désabonne si j'ai trouvé un emploi",
    "Si j'ai trouvé un emploi, je me désabonne",
    "Dois-je me désabonner parce que j'ai trouvé un emploi ?",
    "Je me désabonne de l'entretien car j'ai trouvé un emploi",
    "J'ai trouvé un emploi mais je ne me désabonne pas",
    "Je me désabonne car j'ai trouvé une faute",
    "Me doy de baja porque me operan",
    "Me doy de baja porque no estoy bien",
    "Me doy de baja porque tengo mucho trabajo",
    "No me doy de baja porque tengo trabajo",
    "Me doy de baja si encuentro trabajo",
    "En cuanto haya encontrado trabajo, me doy de baja",
    "Me doy de baja de la entrevista porque tengo trabajo",
    "Estoy de baja porque trabajo en una fábrica",
    "Ya tengo trabajo, pero no me den de baja",
]
"""It is not known what ends for that reason, or nothing does."""
WHO_HAVE_WORK = [
    "I have a job, please do not contact me",
    "I have a job. Please do not contact me.",
    "I already have a job, please remove me from your list",
    "I have a new job, please remove me from your list",
    "I have a job now, please remove me from your list",
    "I found a job today, please remove me from your list",
    "I got a job at Siemens, please remove me from your list",
    "I have found a full time job, please unsubscribe me",
    "I started a new job on Monday, please unsubscribe me",
    "I have a permanent position. Please stop emailing me.",
    "Please unsubscribe me because I am employed",
    "I work for Siemens. Please unsubscribe me.",
    "I have got another job so please unsubscribe me",
    "I signed a contract on Friday. Please unsubscribe me.",
    "Ich habe eine Stelle, bitte melden Sie mich ab",
    "Ich habe heute eine Stelle gefunden und melde mich ab",
    "Ich habe schon einen Job, bitte keine Mails mehr",
    "Ich habe bereits eine neue Stelle. Bitte keine Mails mehr.",
    "Ich melde mich ab, weil ich eine feste Stelle habe",
    "Ich habe am Montag eine neue Stelle angefangen. Bitte keine Mails mehr.",
    "Ich habe einen unbefristeten Vertrag unterschrieben und melde mich ab",
    "J'ai un emploi, ne m'écrivez plus",
    "J'ai déjà un emploi. Ne m'écrivez plus.",
    "J'ai trouvé un travail à Lyon, je me désabonne",
    "J'ai un nouveau travail. Merci de me désinscrire.",
    "Je me désabonne car j'ai un poste stable",
    "J'ai été embauché aujourd'hui, je me désabonne",
    "Tengo trabajo, no me escriban",
    "Ya tengo trabajo, no me escriban más",
    "Ya tengo un trabajo fijo, quiero darme de baja",
    "No me escriban más, porque ya tengo empleo",
    "He encontrado trabajo hoy y me doy de baja",
    "Tengo un nuevo trabajo, no me escriban",
    "Me han contratado, me doy de baja",
]
WHO_ARE_BUSY = [
    "Tengo trabajo hoy, no me escriban",
    "No me escriban, tengo trabajo ahorita",
    "Tengo trabajo esta noche, no me escriban",
    "Tengo trabajo que hacer, no me escriban",
    "Tengo trabajo pendiente, no me escriban",
    "Tengo trabajo, no me escribas ahora",
    "No me escriban, tengo trabajo los lunes",
    "Please don't write to me, I have a job on Mondays",
    "I have a job every Friday, please do not contact me",
    "I have a job today, please do not contact me",
    "I have a job at 3, please do not contact me",
    "I have a job this afternoon, please do not contact me",
    "I have a job to finish, don't contact me",
    "Habe einen Job heute, bitte nicht mehr schreiben",
    "Ich habe einen Job bis Abend, bitte nicht mehr schreiben",
    "J'ai du travail aujourd'hui, ne m'écrivez plus",
    "J'ai un travail ce matin, ne m'écrivez plus",
    "I have work today. Please don't contact me.",
    "I have work to do, please don't contact me",
    "I already have work today. Do not contact me.",
    "I have a job today. Please do not contact me.",
    "Please do not contact me. I have a job at noon.",
    "I work at the shop on Mondays, please do not contact me",
    "I got a job to finish, please do not contact me",
    "I've got a job today, please don't write to me",
    "I am working today. Please do not contact me.",
    "I have a job in the garden, please do not contact me",
    "Ich arbeite heute. Bitte nicht mehr schreiben.",
    "Ich habe schon Arbeit genug, bitte nicht mehr schreiben",
    "Ich habe einen Job zu erledigen, bitte nicht mehr schreiben",
    "Ich habe am Montag einen Job, bitte nicht mehr schreiben",
    "Ich habe heute Nacht einen Job. Bitte nicht mehr schreiben.",
    "Bitte nicht mehr schreiben, weil ich heute einen Job habe",
    "Bitte nicht mehr schreiben, ich habe einen Job um 3",
    "J'ai du travail à finir, ne m'écrivez plus",
    "J'ai du travail ce soir. Ne m'écrivez plus.",
    "J'ai un travail le lundi, ne m'écrivez plus",
    "Je travaille aujourd'hui. Ne m'écrivez plus.",
    "Ne m'écrivez plus, j'ai du travail",
    "Tengo un trabajo para hoy, no me escriban",
    "Tengo trabajo atrasado, no me escriban",
    "Ya tengo trabajo hoy. No me escriban.",
    "Tengo trabajo hoy. No me escriban.",
    "No me escriban porque tengo trabajo toda la noche",
    "Trabajo en casa hoy, no me escriban",
    "Tengo trabajo a las 5, no me escriban",
    "Tengo trabajo hasta las 5, no me escriban",
    "Please don't write to me because I have work tonight",
    "Please don't email me as I have a job on Saturday",
    "I have work piling up so please do not contact me",
    "Please do not contact me, I have a shift",
    "I have a job at the moment, please don't write to me",
]
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
    "How do I unsubscribe",
    "What happens if I unsubscribe?",
    "I withdraw from the interview on Monday.",
    "I opt out of the night shift",
    "I will stop working in May.",
    "I will stop sending these",
    "Please stop sending me these reminders",
    "Ich melde mich ab Montag",
    "Ich melde mich ab\nMontag",
    "Ich melde mich ab und zu",
    "Ich melde mich ab sofort",
    "Ich melde mich von mir aus",
    "Ich melde mich vom Gespräch ab",
    "Ich möchte mich vom Gespräch abmelden",
    "Ich will aufhören, Ihnen zu schreiben",
    "Wie melde ich mich ab?",
    "Ich melde mich, bitte schreiben Sie mir nicht mehr",
    "Bitte hören Sie Ihre Nachrichten ab",
    "Hören Sie nicht auf, mir zu schreiben",
    "Ich höre im Mai auf zu arbeiten.",
    "Je me désinscris de l'entretien",
    "Je me retire",
    "Si je me désabonne, que se passe-t-il",
    "J'arrête de travailler en mai",
    "Me doy de baja de la entrevista",
    "¿Cómo me doy de baja?",
    "Me doy de baja por enfermedad",
]
THOSE_WHO_STAY = [
    "Ich habe keine Mails bekommen.",
    "Ich habe keine E-Mails erhalten.",
    "Wir haben keine E-Mails von Ihnen bekommen",
    "Können Sie mich wieder kontaktieren? Ich habe keine Nachrichten mehr von Ihnen erhalten.",
    "Ich möchte weiter Nachrichten erhalten. Ich habe keine Nachrichten bekommen.",
    "Hallo, ich möchte nicht, dass Sie mich streichen",
    "Je ne souhaite pas me désinscrire, merci",
    "Merci de ne pas me désinscrire",
    "Je ne veux pas me désinscrire",
    "No quiero darme de baja, gracias",
    "No deseo cancelar la suscripción",
    "I would not like to unsubscribe.",
    "I want you to not stop writing to me.",
    "Please not stop emailing me",
    "I have no further emails from you.",
    "Ich habe keine Nachrichten mehr.",
    "Keine Mails erhalten",
    "Keine Mails bekommen.",
    "Keine Nachrichten mehr von Ihnen",
    "keine Mails",
    "Hallo, keine E-Mails bekommen",
    "Wir können keine Mails erhalten",
    "Bitte streichen Sie mich nicht",
    "Ich will mich nicht abmelden",
    "Ich möchte den Newsletter nicht abbestellen",
    "Bitte nehmen Sie mich nicht raus",
    "Ich habe kein Interesse, mich abzumelden",
    "dass Sie mir nicht mehr schreiben",
    "Wir können nicht mehr schreiben",
    "I have no more messages",
    "I have no more emails, please",
    "Please, I have no further emails from you",
    "We have had no more emails",
    "Thanks, I have no further messages",
    "I don't want to unsubscribe",
    "I do not wish to unsubscribe",
    "I would not want to opt out",
    "I want to not unsubscribe",
    "Please do not unsubscribe me",
    "Would you like to unsubscribe?",
    "You no longer contact me",
    "You do not write to me",
    "Could you not unsubscribe me",
    "Can you not remove me from your list?",
    "I am not interested to unsubscribe",
    "I no longer want to unsubscribe",
    "No longer want to unsubscribe",
    "I'd not like to opt out",
    "Je ne souhaite pas me retirer",
    "Veuillez ne pas supprimer mon adresse",
    "Ne me désinscrivez pas",
    "Je ne veux plus me désinscrire",
    "Je ne souhaite jamais me désinscrire",
    "Je veux plus de mails",
    "Je voudrais plus de messages svp",
    "Je n'ai plus de messages",
    "Vous ne m'écrivez plus",
    "Plus de nouvelles de vous",
    "Plus aucun mail de vous",
    "Je n'ai reçu aucun mail",
    "Je ne suis pas désinscrit",
    "No quiero que eliminen mi correo",
    "No solicito la baja",
    "No quiero la baja",
    "No deseo darme de baja",
    "Por favor no darme de baja",
    "No he recibido correos",
    "No más mensajes suyos",
    "Nunca quiero darme de baja",
    "No pueden eliminar mi correo",
    "No quisiera cancelar mi suscripción",
    "Ya no quiero darme de baja",
    "no further emails from you",
    "Sorry, no more emails from you",
    "No, please do not remove me",
    "I would like to have your emails, I have no more messages",
    "Ich möchte bitte nicht aus dem Verteiler",
    "Ich möchte mich von der Liste nicht streichen",
    "Sie können mir nicht mehr schreiben",
    "Bisher keine Nachrichten",
    "Ich habe mehr Nachrichten",
    "Je ne veux pas ne plus recevoir de mails",
    "Ich möchte nicht, dass Sie mir nicht mehr schreiben",
    "I want no unsubscribe",
    "Ich habe von Ihnen keine E-Mails mehr",
    "Bitte, ich habe keine Mails bekommen",
    "We have no emails",
    "Do not stop emailing me",
    "no stop writing to me",
    "Not interested in more? I have no more mails",
    "pas me désinscrire svp",
    "Je suis pas désinscrire",
    "no darme de baja",
    "No quiero dar de baja mi correo",
    "Por favor, no cancelar mi suscripción",
    "Ich will keine Mails abbestellen",
    "Wir haben keinen Kontakt mehr",
    "Ich habe nichts mehr von Ihnen hören",
    "nichts mehr von Ihnen hören",
    "Ich habe keine Kontaktaufnahme erhalten",
    "I have received no more emails",
    "Please don't stop writing",
    "I would like you to never stop writing to me",
    "I would like to not opt out",
    "Merci de ne jamais me retirer de votre liste",
    "Je ne voudrais pas me retirer de la liste",
    "Je souhaite ne pas me désabonner",
    "Je ne souhaite pas désabonner mon adresse",
    "Ich habe kein Interesse mich abmelden",
    "Ich habe kein Interesse, mich abmelden",
    "Kein Interesse mehr alle Mails abbestellen",
    "Mich von der Liste streichen, kein Interesse",
    "I am not interested to unsubscribe me",
    "I'm not interested to opt me out",
    "Je ne suis pas intéressée me désinscrire",
    "Pas intéressé de me retirer de la liste",
    "Plus jamais me désinscrire",
    "No me interesa darme de baja",
    "Darme de baja no me interesa",
    "Ya no estoy interesada cancelar mi suscripción",
    "Nunca más quiero darme de baja",
    "Ich melde mich nicht ab",
    "Je ne me désabonne pas",
    "No me doy de baja",
    "I do not unsubscribe",
    "Please do not stop sending me these emails",
]
"""They got no mail, or want to go on getting it, or may want to."""


WORDS_THAT_ANSWER = [
    *(
        "Fine",
        "Fine, thanks!",
        "Ok, fine",
        "Fine 👍",
        "Alto",
        "Dur",
        "Aus",
        "Alles aus?",
        "Fin",
        "Basta",
    ),
    *(
        "Enough",
        "Enough, thanks",
        "Cancel that please",
        "Delete this message please",
        "Remove this",
    ),
    *("End this", "Stop?", "Unsubscribe?", "Baja?"),
]
IN_ANOTHER_WAY = [
    "Please do not email me. I prefer a phone call: 0664 1234567.",
    "Do not send me mails. SMS please!",
    "No emails please. My phone is 0664 1234567",
    "No more emails please. 0664 1234567",
    "Please stop emailing me. WhatsApp is better.",
    "Please do not contact me. My old address is dead, new: bob@x.example",
    "Please stop emailing me. You have my number.",
    "Don't email me! Come round to the house.",
    "Please stop emailing me. Ask Bob.",
    "Please stop emailing me. This is my employer's inbox.",
    "Please stop emailing me. I will get in touch.",
    "Please don't write to me. I don't understand English, please talk to me",
    "Please don't email me.\n\nKind regards\nAda\nPS: WhatsApp 0664 1234567",
    "Please don't email me.\n\nKind regards\nAda\nI prefer the phone",
    "Keine Mails bitte. Lieber per Telefon.",
    "Bitte keine E-Mails. Bitte per Post.",
    "Keine Mails mehr bitte. SMS geht.",
    "Ne m'écrivez plus. Téléphonez-moi.",
    "Plus de mails svp. Un SMS suffit.",
    "No más correos, por favor. Prefiero WhatsApp.",
    "No me escriban más. Llámenme al 600 123 123.",
]
FOR_A_TIME = [
    "Please do not contact me\nduring July. I am on parental leave then.",
    "Please do not contact me\n\nbefore 9 am.",
    "Please do not contact me. At least not before June.",
    "Please do not contact me. Through August I am in Spain.",
    "Please do not contact me for now.",
    "Don't write me now please.",
    "Do not contact me. I am ill.",
    "Please do not contact me. I have an exam.",
    "Ne m'écrivez plus. Je vous écrirai.",
    "No me escriban más. Estoy de permiso.",
    "Please unsubscribe me. I will come back after my exams.",
    "Bitte nicht mehr kontaktieren. Erst wieder ab Juni.",
    "Bitte schreiben Sie mir nicht mehr\nim Juli",
    "Bitte jetzt nicht mehr schreiben",
    "Ne m'écrivez plus.\nPas avant septembre.",
    "Ne me contactez plus\npendant les vacances",
    "No me escriban más\nhasta septiembre",
    "No me contacten. Vuelvo en otoño.",
]
OF_ONE_THING = [
    "Please unsubscribe me from your newsletter. I'd still like to hear about jobs.",
    "Please unsubscribe me from the newsletter.",
    "Do not write to me\nin English",
    "Please remove me from your list\nof rejected people",
    "Please unsubscribe me. My application stays valid.",
    "Please unsubscribe me. But keep my application.",
    "Newsletter abbestellen",
    "Bitte melden Sie mich ab. Aber nur vom Newsletter.",
    "Désinscrivez-moi. De la newsletter seulement.",
    "Quiero darme de baja. Solo del boletín.",
]
BROKEN_LINES = [
    "You told me I should\nstop emailing me",
    "Please do not\nunsubscribe me",
    "You wrote that I\nwant to unsubscribe",
    "Bitte keine Mails mehr an\nAnna",
    "Ich will nicht,\ndass Sie mich streichen",
    "Je ne veux pas\nme désinscrire",
    "No quiero\ndarme de baja",
]


@pytest.mark.parametrize("text", STOPS)
def test_a_wish_to_hear_no_more_is_understood(text: str) -> None:
    assert wants_no_more(text)


@pytest.mark.parametrize("text", BESIDE_COURTESY_OR_A_REASON)
def test_a_wish_stands_beside_courtesy_a_signature_and_a_reason(text: str) -> None:
    assert wants_no_more(text)


@pytest.mark.parametrize("text", WITH_THEIR_REASON)
def test_a_wish_may_tell_in_its_sentence_that_somebody_has_work_or_no_interest(text: str) -> None:
    assert wants_no_more(text)


@pytest.mark.parametrize("text", WHO_HAVE_WORK)
def test_who_found_work_or_has_it_for_good_may_leave_for_that(text: str) -> None:
    assert wants_no_more(text)


@pytest.mark.parametrize("text", WHO_ARE_BUSY)
def test_who_has_work_for_a_time_or_something_to_do_may_be_busy(text: str) -> None:
    assert not wants_no_more(text)


@pytest.mark.parametrize("text", WITH_ANOTHER_REASON)
def test_of_a_wish_with_another_reason_a_human_reads_what_ends(text: str) -> None:
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


@pytest.mark.parametrize("text", WORDS_THAT_ANSWER)
def test_a_word_that_is_an_answer_too_ends_nothing_by_itself(text: str) -> None:
    assert not wants_no_more(text)


@pytest.mark.parametrize("text", [*IN_ANOTHER_WAY, *FOR_A_TIME, *OF_ONE_THING])
def test_who_leaves_a_way_a_time_or_a_thing_open_is_not_stopped_in_every_way(text: str) -> None:
    assert not wants_no_more(text)


@pytest.mark.parametrize("text", BROKEN_LINES)
def test_a_line_break_within_a_sentence_does_not_end_it(text: str) -> None:
    assert not wants_no_more(text)


@pytest.mark.parametrize("text", ANSWERS)
def test_what_may_mean_something_else_is_left_to_a_human(text: str) -> None:
    assert not wants_no_more(text)


@pytest.mark.parametrize("text", THOSE_WHO_STAY)
def test_who_got_no_mail_or_wants_to_stay_is_not_taken_to_leave(text: str) -> None:
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


def asks_for_no_more(subject: str, *text: str) -> bool:
    written = what(plain(*text, subject=subject))
    assert isinstance(written, Written)
    return written.leaves


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("STOP", []),
        ("STOP - please never write to me again", []),
        ("Stop, please never contact me", ["Ada"]),
        ("unsubscribe", ["", "-- ", "Ada Lovelace"]),
        ("Please unsubscribe me", ["Sent from my iPhone"]),
        ("Please remove me from your list", ["Thanks!", "Ada L.", "Tel: 0664 1234567"]),
        ("Bitte keine Mails mehr", ["Mit freundlichen Grüßen", "Ada Lovelace"]),
        ("Abmelden", ["Von meinem iPhone gesendet"]),
        ("=?utf-8?q?D=C3=A9sabonnez-moi?=", ["Cordialement,", "Ada"]),
        ("No más correos por favor", ["Enviado desde mi iPhone"]),
        ("Re: STOP", []),
        ("AW: Bitte nicht mehr schreiben", []),
        ("[EXTERN] unsubscribe", []),
        ("Unsubscribe", ["On 2 Mar 2026, Hartmann wrote:", "> Would you like to talk?"]),
    ],
)
def test_a_wish_in_the_subject_counts_where_the_mail_is_only_signed(
    subject: str, text: list[str]
) -> None:
    assert asks_for_no_more(subject, *text)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Re: Our answer to your application: Roofer", []),
        ("Re: We write to you no more", []),
        ("Fwd: Please unsubscribe me", []),
        ("WG: Bitte nicht mehr schreiben", ["LG Ada"]),
        ("RV: dar de baja", []),
        ("Please do not contact me until June", []),
        ("Stop press: I have my licence", []),
        ("How to unsubscribe?", []),
        ("Please call me instead", []),
        (
            "Please unsubscribe me",
            ["from the newsletter alone, I would like to hear of jobs"],
        ),
        ("Please stop emailing me", ["Thanks,", "But call me about the nurse job"]),
        ("unsubscribe", ["I would like to know how this works"]),
        ("Your application", ["-----Original Message-----", "From: Bob", "Please unsubscribe me"]),
    ],
)
def test_no_other_subject_stops_anything(subject: str, text: list[str]) -> None:
    assert not asks_for_no_more(subject, *text)


def test_of_whoever_writes_more_than_is_kept_a_human_reads_whether_they_leave() -> None:
    disclaimer = "This mail is confidential. " * 10
    for times, leaves in ((1, True), (30, False)):
        text = ["Please unsubscribe me.", "", "Kind regards", "Ada", *[disclaimer] * times]
        assert asks_for_no_more("Re: Your application", *text) is leaves


@pytest.mark.parametrize("called", ["(" * 900, "(" * 500 + ")" * 500, "a:" * 2_000, "=?ü?q?a?="])
def test_who_cannot_be_told_from_a_hostile_header_is_heard_all_the_same(called: str) -> None:
    for name in ("From", "To", "Reply-To", "Subject", "References", "Date"):
        written = what(f"{name}: {called}\r\n\r\nPlease unsubscribe me.".encode())
        assert isinstance(written, Written)
        assert written.leaves
