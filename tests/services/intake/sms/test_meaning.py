"""What a text message to us means, in whatever dress."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.sms.meaning import Meaning, meaning_of, says_more

NAMED_BY_LAW = ["stop", "quit", "end", "revoke", "opt out", "cancel", "unsubscribe"]


@pytest.mark.parametrize(
    "text",
    [
        *NAMED_BY_LAW,
        "STOP",
        "Stop. Thank you",
        "stop it please",
        "Please STOP texting me",
        "STOP sending this to my phone",
        "I said STOP",
        "STOP STOP STOP",
        "Yes, stop",
        "stop!!!1",
        "S.T.O.P.",
        "s t o p",
        "OPT-OUT",
        "Optout",
        "opt out please",
        "I opt out",
        "STOP ALL",
        "remove",
        "Please remove me from your list",
        "take me off this list",
        "Don’t text me",
        "do not contact me",
        "no more texts pls",
        "Arrêt",
        "ARRET",
        "STOPP",
        "Stopp bitte",
        "Bitte keine SMS mehr",
        "abmelden",
        "Schreiben Sie mir nicht mehr",
        "BAJA",
        "No me escriban más",
        "darme de baja, gracias",
        "ne m'écrivez plus svp",
        "désabonner",
        "stop, not interested",
        "Not interested stop",
        "I'm not interested, please stop",
        "I am not interested, stop",
        "Stop. No thanks",
        "Stopp, kein Interesse",
        "non merci, stop",
        "No me interesa, baja",
        "СТОП",
        "Отписаться!",
        "Στοπ",
        "توقف",
        "إيقاف",
        "עצור",
        "停止",
        "退订",
        "配信停止",
        "중지",
        "수신거부",
        "रोकें",
        "ＳＴＯＰ",
        "𝐒𝐓𝐎𝐏",
        "‘STOP’",
        "“Stop”",
        "«stop»",
        "(stop)",
        "*stop*",
        "#stop",
        "Stop 🙏",
        "🛑 stop 🛑",
        "STOP\u200b",
        "\u200estop\u202c",
        "\u00a0Stop",
        "\n\tstop\r\n",
        "STOP I did not sign up for this",
        "Stop. I'm not looking for a job.",
        "Stop - don't text me again",
        "Stop! Who are you?",
        "Stop2",
        "STOP1 please",
        "Please stop. I never applied",
        "I never applied. Please stop",
        "Non, stop",
        "never text me again",
        "I no longer wish to receive messages",
        "Désabonnez-moi",
        "ne me contactez plus",
        "Keine weiteren SMS",
        "Bitte nicht mehr kontaktieren",
        "Hören Sie auf",
        "Cancelar suscripción",
        "dejen de escribirme",
        "Can you stop texting me",
        "I want this to stop",
        "stop the texts",
        "Stop thank you so much",
        "Ich möchte mich abmelden",
        "Ich möchte keine SMS mehr",
        "Merci d'arrêter",
        "Arrêtez de m'écrire",
        "Je ne veux plus de messages",
        "s'il vous plaît arrêtez",
        "plus de SMS svp",
        "Stop, please and thank you",
        "Take me off your list now",
        "Baja por favor",
        "No quiero recibir más mensajes",
        "Пожалуйста, стоп",
    ],
)
def test_whoever_wants_an_end_is_understood(text: str) -> None:
    assert meaning_of(text) is Meaning.STOP


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "👍",
        "no",
        "ok",
        "When does it stop?",
        "Please don't stop",
        "I am not interested in a stop",
        "Not interested in the night shift, but do not stop",
        "Not interested now, can we stop by on Monday",
        "no stop",
        "I can start on Monday",
        "In the end I took another job",
        "I have to cancel our call on Friday, can we talk on Monday instead please",
        "Yes, I have my licence now",
        "Who is this and how did you get my number, I never gave it to anybody, please explain",
        "stopwatch",
        "unstoppable",
        "why would I say stop",
        "non-stop",
        "I worked there non-stop",
        "Stop? Not yet",
        "Please, don't stop",
        "The next stop, Berlin, is not mine",
        "I'll be at the stop",
        "I'm at the last stop",
        "the stop",
        "The end",
        "Stopping by on Monday",
        "I'm stopping",
        "no more stops",
        "stop by at 5",
        "I can't stop",
        "I have no more messages",
        "I don't want to unsubscribe",
        "Don't contact me at work",
        "Please remove me from the night shift",
        "Bushaltestelle stop",
        "Der Stopp",
        "Das Ende",
        "STOP? nein",
        "STOP nein",
        "Stop, nein",
        "Ich habe keine Nachrichten mehr",
        "keine SMS mehr bekommen",
        "Ich kann nicht mehr schreiben",
        "Ich will mich nicht abmelden",
        "Je suis en arrêt",
        "Arrêt maladie",
        "congé, arrêt",
        "Je n'ai plus de messages",
        "Je veux plus de messages",
        "Vous ne m'écrivez plus",
        "Je ne veux pas me désabonner",
        "estoy de baja",
        "Baja California",
        "Tijuana, Baja",
        "Soy muy alto",
        "Alto, moreno",
        "No quiero darme de baja",
        "No me escriban después de las 8",
    ],
)
def test_what_could_mean_something_else_is_left_to_a_human(text: str) -> None:
    assert meaning_of(text) is Meaning.REPLY


@pytest.mark.parametrize(
    "text",
    [
        *("Fine", "Fine, thanks!", "ok fine", "Fine 👍", "Alto", "Dur", "Aus", "Alles aus?", "Fin"),
        *("Basta", "Enough", "Enough, thanks", "Stopping", "cancel that", "Cancel this please"),
        *("Delete this message please", "Remove that", "End this", "Stop?", "Unsubscribe?", "End?"),
    ],
)
def test_a_word_that_is_an_answer_too_ends_nothing_by_itself(text: str) -> None:
    assert meaning_of(text) is Meaning.REPLY


@pytest.mark.parametrize(
    "text",
    [
        "Stop calling, text me please",
        "Please stop calling and text me",
        "No more calls please, messages ok",
        "stop the emails, sms ok",
        "stop emailing me",
        "Stop. Yes please text me",
        "Stop ringing. SMS please",
        "Stop. Call me instead",
        "STOP. Email is better",
        "stop, my email is a@b.example",
        "Don't. Stop.",
        "Stop texting me until Monday",
        "Stop texting me. Not before June.",
        "STOP for now",
        "Stop. Only in the evening please",
        "Stop. I am on vacation",
        "Unsubscribe me from the newsletter",
        "Stop. I am still interested in the job",
        "Keine SMS mehr. Bitte anrufen.",
        "Keine SMS mehr bis Montag",
        "Stopp nur die Werbung",
        "Bitte keine Anrufe, SMS bitte",
        "Arrêtez. Appelez-moi",
        "Ne m'écrivez plus avant lundi",
        "Stop, plutôt par mail",
        "No me escriban, llámenme",
        "Baja hasta enero",
        "No más SMS, solo correo",
        "I have a job at 3, please do not contact me",
        "Ich habe einen Job bis Abend, bitte nicht mehr schreiben",
        "No me escriban, tengo trabajo los lunes",
        "Tengo trabajo que hacer, no me escriban",
    ],
)
def test_who_leaves_a_way_a_time_or_a_thing_open_is_left_to_a_human(text: str) -> None:
    assert meaning_of(text) is Meaning.REPLY


@pytest.mark.parametrize(
    "text",
    [
        "Stop calling and texting me",
        "Stop texting, I started a new job in June",
        "Take me off your mailing list",
        "No. Stop.",
        "Stop texting me, ok?",
        "no more sms please",
        "keine weiteren SMS bitte",
        "No más sms por favor",
        "plus de SMS s'il vous plaît",
        "quit texting me",
        "cancel my subscription",
        "mir nie wieder schreiben",
    ],
)
def test_an_end_of_every_text_message_is_one(text: str) -> None:
    assert meaning_of(text) is Meaning.STOP


@pytest.mark.parametrize(
    "text",
    [
        "I hereby unsubscribe",
        "I'm unsubscribing",
        "I don't want to receive any more messages",
        "Ich melde mich ab",
        "Hiermit melde ich mich ab.",
        "Ich trage mich aus",
        "Je me désabonne",
        "Je me désinscris, merci",
        "Me doy de baja",
        "Hola, me desuscribo. Gracias",
        "Cancelo mi suscripción",
    ],
)
def test_who_says_in_the_first_person_that_they_leave_is_read_by_nobody(text: str) -> None:
    assert meaning_of(text) is Meaning.STOP
    assert not says_more(text)


@pytest.mark.parametrize(
    "text",
    [
        "I opt out because I found a job",
        "Ich melde mich ab, weil ich eine Stelle habe",
        "Je me désabonne car j'ai trouvé un emploi",
        "Me doy de baja porque tengo trabajo",
    ],
)
def test_who_leaves_for_a_reason_is_stopped_and_a_human_reads_it(text: str) -> None:
    assert meaning_of(text) is Meaning.STOP
    assert says_more(text)


@pytest.mark.parametrize(
    "text",
    [
        "Ich melde mich",
        "Ich melde mich morgen ab",
        "Ich melde mich ab und zu",
        "Ich melde mich nicht ab",
        "Ich melde mich von den Mails ab",
        "Ich melde mich ab, weil ich krank bin",
        "Melde ich mich ab?",
        "I unsubscribe from emails",
        "I unsubscribe from the newsletter",
        "I did not unsubscribe",
        "Je ne me désabonne pas",
        "Je me désabonne des mails",
        "Je me désabonne si je trouve",
        "Me doy de baja por enfermedad",
        "Me doy de baja, estoy enferma",
        "No me doy de baja",
        "Me doy de baja del correo",
    ],
)
def test_who_may_leave_something_else_is_left_to_a_human(text: str) -> None:
    assert meaning_of(text) is Meaning.REPLY


@pytest.mark.parametrize(
    "text",
    [
        "You never contact me",
        "You never text me",
        "u never text me",
        "You don't text me any more",
        "You said you do not text me",
        "Can you never contact me again",
        "You just never text me",
        "You guys never message me",
        "Sorry, you never write me",
        "Hello, you never contact me!",
        "You do not text me anymore, please",
        "Ihr schreibt mir nicht mehr",
        "Sie kontaktieren mich nicht",
        "Vous ne me contactez plus",
        "Ustedes nunca me escriben",
    ],
)
def test_who_complains_that_we_do_not_write_has_not_asked_for_that(text: str) -> None:
    assert meaning_of(text) is Meaning.REPLY


@pytest.mark.parametrize(
    "text",
    [
        "You idiots, never text me again",
        "You must never text me again",
        "I told you never text me again",
        "I want you to never contact me",
        "Thank you, never contact me again",
        "You never answer. STOP",
    ],
)
def test_who_wishes_that_we_do_not_write_is_understood_whomever_they_name(text: str) -> None:
    assert meaning_of(text) is Meaning.STOP


@pytest.mark.parametrize(
    "text",
    [
        "STOP was a mistake, sorry",
        "STOP! I want the job",
        "STOP I want the job",
        "STOP means what?",
        "Stop. Sorry, I meant start",
        "STOP: will I lose my application if I send that",
        "STOP please don't unsubscribe me, I misread",
        "STOP, that was my cat",
        "STOP by our office any time",
        "UNSUBSCRIBE link is broken but I love your texts",
        "STOPPEN Sie den Prozess nicht",
        "Stop! Nein, doch nicht",
        "Stop, no. Keep texting",
        "Stop... just kidding",
        "STOP. Yes",
        "STOPP bitte aufheben",
        "STOPP, ich will die Stelle",
        "STOP par erreur",
        "STOP por error",
        "I found a job, stop",
        "Stop texting me, ok?",
    ],
)
def test_a_stop_that_says_more_stops_and_is_read_by_a_human(text: str) -> None:
    assert meaning_of(text) is Meaning.STOP
    assert says_more(text)


@pytest.mark.parametrize(
    "text",
    [
        *NAMED_BY_LAW,
        "STOP",
        "STOP NOW!!!",
        "STOP STOP STOP",
        "Yes, stop",
        "Please STOP texting me",
        "STOP sending this to my phone",
        "Stop, I said",
        "Stop. Do not text me again",
        "I want you to stop",
        "Stop, you idiots",
        "stop, not interested",
        "STOP1 please",
        "Stopp, keine SMS mehr",
        "Ich möchte keine SMS mehr",
        "Arrêtez de m'écrire",
        "Stop gracias",
        "No me escriban más",
    ],
)
def test_a_stop_that_is_polite_or_says_it_again_is_read_by_nobody(text: str) -> None:
    assert meaning_of(text) is Meaning.STOP
    assert not says_more(text)


@pytest.mark.parametrize("text", ["START", "start!", "Unstop please", "Subscribe"])
def test_start_words_open_again(text: str) -> None:
    assert meaning_of(text) is Meaning.START


@pytest.mark.parametrize("text", ["yes", "YES.", "Yes please!", "Ja, bitte", "Sí", "oui"])
def test_a_bare_yes_is_a_yes(text: str) -> None:
    assert meaning_of(text) is Meaning.YES


@pytest.mark.parametrize("text", ["HELP", "help?", "Info", "Hilfe", "Aide svp", "ayuda"])
def test_a_call_for_help_is_one(text: str) -> None:
    assert meaning_of(text) is Meaning.HELP


_MARKS = st.text(
    string.punctuation.replace("?", "") + " \t\n’‘“”«»…—🙏😡🛑\u200b\u00a0", max_size=6
)


@given(
    word=st.sampled_from([*NAMED_BY_LAW, "stopp", "arrêt", "baja", "стоп"]),
    before=_MARKS,
    after=_MARKS,
    shout=st.booleans(),
    thanks=st.sampled_from(["", " please", " thank you", " bitte", " merci", " gracias"]),
)
def test_marks_capitals_and_courtesy_change_no_stop(
    word: str, before: str, after: str, shout: bool, thanks: str
) -> None:
    text = f"{before}{word.upper() if shout else word}{after}{thanks}"
    assert meaning_of(text) is Meaning.STOP


@given(st.text(max_size=200))
def test_any_text_has_a_meaning(text: str) -> None:
    assert meaning_of(text) in set(Meaning)
