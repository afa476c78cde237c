// What the join page says, in German.

import type { JoinKey } from "../en/join";
import type { Catalogue } from "../say";

export const join: Catalogue<JoinKey> = {
  title: "Ihr Termin",
  titleWith: "Ihr Termin mit {other}",
  loading: "Ihr Termin wird gesucht …",

  you: "Sie",
  when: "Wann",

  "not-open-yet": "Der Videoraum öffnet: {opens}",
  "not-open-yet.countdown": "Öffnet in {time}",
  "not-open-yet.opening": "Öffnet jetzt …",
  "not-open-yet.hint": "Sie können diese Seite offen lassen: Die Schaltfläche zum Beitreten erscheint von selbst.",
  open: "Sie können jetzt beitreten",
  "open.hint": "Vor dem Eintreten können Sie Kamera und Mikrofon prüfen.",
  pending: "Ihr Videoraum wird vorbereitet",
  "pending.hint": "Das dauert einen Moment. Die Schaltfläche zum Beitreten erscheint von selbst.",
  over: "Dieser Termin ist vorbei",
  "over.hint": "Wenn Sie einen weiteren brauchen, wenden Sie sich bitte an {organization}.",
  cancelled: "Dieser Termin wurde abgesagt",
  "cancelled.hint": "Niemand wartet auf Sie. Bei Fragen wenden Sie sich bitte an {organization}.",
  "no-show": "Dieser Termin wurde versäumt",
  "no-show.hint": "Für einen neuen Termin wenden Sie sich bitte an {organization}.",
  "not-scheduled": "Dieser Termin ist noch nicht bestätigt",
  "not-scheduled.hint": "Sobald er bestätigt ist, finden Sie unter diesem Link den Weg in das Videogespräch.",

  button: "Am Videogespräch teilnehmen",
  "button.busy": "Das Gespräch wird geöffnet …",

  unavailable: "Das Videogespräch ist vorübergehend nicht erreichbar",
  "unavailable.hint": "Wir konnten das Gespräch gerade nicht öffnen. Bitte versuchen Sie es gleich noch einmal.",
  "unavailable.room": "Wenn das nicht hilft, können Sie direkt in den Raum gehen und um Einlass bitten:",
  "unavailable.link": "Den Videoraum öffnen",

  wrong: "Dieser Link ist nicht gültig",
  "wrong.hint":
    "Bitte prüfen Sie, ob Sie den vollständigen Link aus Ihrer Nachricht geöffnet haben. Wenn er trotzdem nicht geht, bitten Sie den Absender um einen neuen.",

  offline: "Sie sind offline",
  "offline.hint": "Diese Seite macht von selbst weiter, sobald die Verbindung wieder da ist.",
  unreachable: "Der Server ist gerade nicht erreichbar",
  "unreachable.hint": "Wir versuchen es von selbst weiter.",
};
