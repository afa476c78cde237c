// What the page behind an invite link says, in German.

import type { InviteKey } from "../en/invite";
import type { Catalogue } from "../say";

export const invite: Catalogue<InviteKey> = {
  product: "Vestibule",
  title: "Einladung",
  loading: "Ihre Einladung wird gesucht…",
  unreachable: "Der Server ist gerade nicht erreichbar",
  "unreachable.hint": "Wir versuchen es von selbst weiter.",

  wrong: "Diese Einladung gilt nicht mehr",
  "wrong.hint":
    "Bitte prüfen Sie, ob Sie den ganzen Link geöffnet haben. Wenn es weiterhin nicht geht, bitten Sie um einen neuen.",

  join: "Dem Team {team} beitreten",
  "join.new": "Legen Sie ein Konto an, um zum Team zu gehören.",
  "join.known": "Melden Sie sich an, um zum Team zu gehören.",
  name: "Ihr Name",
  "name.missing": "Bitte geben Sie Ihren Namen ein.",
  email: "E-Mail-Adresse",
  "email.missing": "Bitte geben Sie Ihre E-Mail-Adresse ein.",
  password: "Passwort",
  "password.missing": "Bitte geben Sie ein Passwort ein.",
  "password.hint": "Mindestens 12 Zeichen; ein paar Wörter ohne Zusammenhang ergeben ein gutes.",
  show: "Passwort anzeigen",
  "button.new": "Konto anlegen und beitreten",
  "button.known": "Anmelden und beitreten",
  busy: "Beitritt läuft…",
  "switch.new": "Ich habe noch kein Konto",
  "switch.known": "Ich habe schon ein Konto",
  joined: "Sie gehören jetzt zum Team {team}",
  "joined.hint": "Die Konsole wird geöffnet…",

  "problem.wrong": "E-Mail-Adresse oder Passwort ist falsch",
  "problem.wrong.hint": "Bitte prüfen Sie beides und versuchen Sie es noch einmal.",
  "problem.taken": "Es gibt schon ein Konto mit dieser E-Mail-Adresse",
  "problem.taken.hint": "Wenn es Ihres ist, wählen Sie „Ich habe schon ein Konto“ und melden Sie sich an.",
  "problem.locked": "Das Anmelden ist ausgesetzt",
  "problem.locked.hint": "Es gab zu viele Versuche. Bitte versuchen Sie es später wieder.",
  "problem.unreachable": "Der Server ist gerade nicht erreichbar",
  "problem.unreachable.hint": "Bitte prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal.",
  "problem.refused": "Das hat nicht geklappt",
  "problem.refused.hint": "Der Server sagt: {info}",
};
