// What the page behind an invite link says, in Romanian.

import type { InviteKey } from "../en/invite";
import type { Catalogue } from "../say";

export const invite: Catalogue<InviteKey> = {
  product: "Vestibule",
  title: "Invitație",
  loading: "Căutăm invitația dumneavoastră…",
  unreachable: "Nu putem ajunge la server în acest moment",
  "unreachable.hint": "Încercăm din nou de la sine.",

  wrong: "Această invitație nu mai este valabilă",
  "wrong.hint":
    "Vă rugăm să verificați că ați deschis întregul link. Dacă tot nu funcționează, cereți unul nou de la cine vi l-a trimis.",

  join: "Intrați în echipa {team}",
  "join.new": "Faceți-vă un cont ca să faceți parte din echipă.",
  "join.known": "Conectați-vă ca să faceți parte din echipă.",
  name: "Numele dumneavoastră",
  "name.missing": "Vă rugăm să vă scrieți numele.",
  email: "Adresa de e-mail",
  "email.missing": "Vă rugăm să scrieți adresa de e-mail.",
  password: "Parola",
  "password.missing": "Vă rugăm să scrieți o parolă.",
  "password.hint": "Cel puțin 12 caractere; câteva cuvinte fără legătură fac o parolă bună.",
  show: "Afișează parola",
  "button.new": "Creează contul și intră",
  "button.known": "Conectează-te și intră",
  busy: "Se intră…",
  "switch.new": "Nu am încă un cont",
  "switch.known": "Am deja un cont",
  joined: "Acum faceți parte din echipa {team}",
  "joined.hint": "Se deschide consola…",

  "problem.wrong": "Adresa de e-mail sau parola este greșită",
  "problem.wrong.hint": "Vă rugăm să le verificați și să încercați din nou.",
  "problem.taken": "Există deja un cont cu această adresă de e-mail",
  "problem.taken.hint": "Dacă este al dumneavoastră, alegeți „Am deja un cont” și conectați-vă.",
  "problem.locked": "Conectarea este oprită pentru un timp",
  "problem.locked.hint": "Au fost prea multe încercări. Vă rugăm să încercați mai târziu.",
  "problem.unreachable": "Nu putem ajunge la server în acest moment",
  "problem.unreachable.hint": "Vă rugăm să verificați conexiunea și să încercați din nou.",
  "problem.refused": "Nu a reușit",
  "problem.refused.hint": "Serverul spune: {info}",
};
