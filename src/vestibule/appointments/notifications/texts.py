"""What mail says, by language. No text names a health matter, nor what the appointment is about."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

Texts = Mapping[str, str]

TEXTS: Final[Mapping[str, Texts]] = {
    "en": {
        "title": "Video appointment with {other}",
        "when": "{weekday}, {day:02d} {month} {year}, {time}",
        "weekdays": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
        "months": "January February March April May June July August September October November "
        "December",
        "greeting": "Hello {you},",
        "invitation.subject": "Your video appointment on {when}",
        "invitation.text": "{organization} has arranged a video appointment for you with {other}.",
        "update.subject": "New time: your video appointment on {when}",
        "update.text": "Your video appointment with {other} has been moved.",
        "cancellation.subject": "Cancelled: your video appointment on {when}",
        "cancellation.text": "Your video appointment with {other} has been cancelled.",
        "reminder.subject": "Reminder: your video appointment on {when}",
        "reminder.text": "Your video appointment with {other} is soon.",
        "recording.subject": "The recording of your appointment on {when} is ready",
        "recording.text": "The recording of your video appointment with {other} can be fetched.",
        "time": "When: {when} ({zone})",
        "link": "Join here, at that time: {link}",
        "private": "This link is yours alone. It stays the same if the appointment is moved.",
        "console": "You find it in the console: {console}",
    },
    "ro": {
        "title": "Programare video cu {other}",
        "when": "{weekday}, {day} {month} {year}, {time}",
        "weekdays": "luni marți miercuri joi vineri sâmbătă duminică",
        "months": "ianuarie februarie martie aprilie mai iunie iulie august septembrie "
        "octombrie noiembrie decembrie",
        "greeting": "Bună ziua, {you},",
        "invitation.subject": "Programarea dumneavoastră video de {when}",
        "invitation.text": "{organization} v-a stabilit o programare video cu {other}.",
        "update.subject": "Oră nouă: programarea dumneavoastră video de {when}",
        "update.text": "Programarea dumneavoastră video cu {other} a fost mutată.",
        "cancellation.subject": "Anulată: programarea dumneavoastră video de {when}",
        "cancellation.text": "Programarea dumneavoastră video cu {other} a fost anulată.",
        "reminder.subject": "Reamintire: programarea dumneavoastră video de {when}",
        "reminder.text": "Programarea dumneavoastră video cu {other} începe în curând.",
        "recording.subject": "Înregistrarea programării de {when} este gata",
        "recording.text": "Înregistrarea programării dumneavoastră video cu {other} poate fi "
        "luată.",
        "time": "Când: {when} ({zone})",
        "link": "Intrați aici, la acea oră: {link}",
        "private": "Acest link este numai al dumneavoastră. Rămâne același dacă "
        "programarea se mută.",
        "console": "O găsiți în consolă: {console}",
    },
    "de": {
        "title": "Videotermin mit {other}",
        "when": "{weekday}, {day}. {month} {year}, {time}",
        "weekdays": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
        "months": "Januar Februar März April Mai Juni Juli August September Oktober "
        "November Dezember",
        "greeting": "Guten Tag, {you},",
        "invitation.subject": "Ihr Videotermin am {when}",
        "invitation.text": "{organization} hat für Sie einen Videotermin mit {other} vereinbart.",
        "update.subject": "Neue Zeit: Ihr Videotermin am {when}",
        "update.text": "Ihr Videotermin mit {other} wurde verlegt.",
        "cancellation.subject": "Abgesagt: Ihr Videotermin am {when}",
        "cancellation.text": "Ihr Videotermin mit {other} wurde abgesagt.",
        "reminder.subject": "Erinnerung: Ihr Videotermin am {when}",
        "reminder.text": "Ihr Videotermin mit {other} beginnt bald.",
        "recording.subject": "Die Aufzeichnung Ihres Termins am {when} ist bereit",
        "recording.text": "Die Aufzeichnung Ihres Videotermins mit {other} kann abgeholt werden.",
        "time": "Wann: {when} ({zone})",
        "link": "Hier treten Sie zu dieser Zeit ein: {link}",
        "private": "Dieser Link gehört nur Ihnen. Er bleibt gleich, auch wenn der Termin "
        "verlegt wird.",
        "console": "Sie finden sie in der Konsole: {console}",
    },
    "fr": {
        "title": "Rendez-vous vidéo avec {other}",
        "when": "{weekday} {day} {month} {year}, {time}",
        "weekdays": "lundi mardi mercredi jeudi vendredi samedi dimanche",
        "months": "janvier février mars avril mai juin juillet août septembre octobre "
        "novembre décembre",
        "greeting": "Bonjour {you},",
        "invitation.subject": "Votre rendez-vous vidéo du {when}",
        "invitation.text": "{organization} a fixé pour vous un rendez-vous vidéo avec {other}.",
        "update.subject": "Nouvel horaire : votre rendez-vous vidéo du {when}",
        "update.text": "Votre rendez-vous vidéo avec {other} a été déplacé.",
        "cancellation.subject": "Annulé : votre rendez-vous vidéo du {when}",
        "cancellation.text": "Votre rendez-vous vidéo avec {other} a été annulé.",
        "reminder.subject": "Rappel : votre rendez-vous vidéo du {when}",
        "reminder.text": "Votre rendez-vous vidéo avec {other} commence bientôt.",
        "recording.subject": "L’enregistrement de votre rendez-vous du {when} est prêt",
        "recording.text": "L’enregistrement de votre rendez-vous vidéo avec {other} peut être "
        "récupéré.",
        "time": "Quand : {when} ({zone})",
        "link": "Entrez ici, à l’heure dite : {link}",
        "private": "Ce lien n’appartient qu’à vous. Il reste le même si le rendez-vous "
        "est déplacé.",
        "console": "Vous le trouvez dans la console : {console}",
    },
    "es": {
        "title": "Cita por vídeo con {other}",
        "when": "{weekday}, {day} de {month} de {year}, {time}",
        "weekdays": "lunes martes miércoles jueves viernes sábado domingo",
        "months": "enero febrero marzo abril mayo junio julio agosto septiembre octubre "
        "noviembre diciembre",
        "greeting": "Hola, {you}:",
        "invitation.subject": "Su cita por vídeo del {when}",
        "invitation.text": "{organization} ha concertado para usted una cita por vídeo con "
        "{other}.",
        "update.subject": "Nueva hora: su cita por vídeo del {when}",
        "update.text": "Su cita por vídeo con {other} se ha cambiado de hora.",
        "cancellation.subject": "Cancelada: su cita por vídeo del {when}",
        "cancellation.text": "Su cita por vídeo con {other} se ha cancelado.",
        "reminder.subject": "Recordatorio: su cita por vídeo del {when}",
        "reminder.text": "Su cita por vídeo con {other} empieza pronto.",
        "recording.subject": "La grabación de su cita del {when} está lista",
        "recording.text": "La grabación de su cita por vídeo con {other} se puede descargar.",
        "time": "Cuándo: {when} ({zone})",
        "link": "Entre aquí a esa hora: {link}",
        "private": "Este enlace es solo suyo. Sigue siendo el mismo si la cita se cambia de hora.",
        "console": "La encuentra en la consola: {console}",
    },
}


def spoken(moment: datetime, said: Texts) -> str:
    """A moment as people of these texts write it. Not by `strftime`: that speaks the server's."""
    return said["when"].format(
        weekday=said["weekdays"].split()[moment.weekday()],
        day=moment.day,
        month=said["months"].split()[moment.month - 1],
        year=moment.year,
        time=f"{moment:%H:%M}",
    )


def texts(language: str) -> Texts:
    """The texts of a language; English if there are none."""
    return TEXTS.get(language, TEXTS["en"])
