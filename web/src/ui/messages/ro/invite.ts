// What the page behind an invite link says, in Romanian.

import type { InviteKey } from "../en/invite";
import type { Catalogue } from "../say";

export const invite: Catalogue<InviteKey> = {
  product: "Vestibule",
  title: "Invitație",
  loading: "Căutăm invitația dumneavoastră…",
  unreachable: "Serverul nu poate fi contactat acum",
  "unreachable.hint": "Încercăm din nou automat.",
  wrong: "Această invitație nu mai este valabilă",
  "wrong.hint":
    "Verificați dacă ați deschis linkul întreg. Dacă tot nu funcționează, cereți unul nou de la cine vi l-a trimis.",
  join: "Intrați în echipa {team}",
  "join.new": "Creați un cont pentru a face parte din echipă.",
  "join.known": "Conectați-vă pentru a face parte din echipă.",
  name: "Numele dumneavoastră",
  "name.missing": "Vă rugăm să scrieți numele.",
  email: "Adresa de e-mail",
  "email.missing": "Vă rugăm să scrieți adresa de e-mail.",
  password: "Parola",
  "password.missing": "Vă rugăm să scrieți o parolă.",
  "password.hint": "Cel puțin 12 caractere; câteva cuvinte fără legătură între ele sunt potrivite.",
  show: "Afișați parola",
  "button.new": "Creați contul și intrați",
  "button.known": "Conectați-vă și intrați",
  busy: "Un moment…",
  "switch.new": "Nu am încă un cont",
  "switch.known": "Am deja un cont",
  joined: "Faceți parte acum din echipa {team}",
  "joined.hint": "Se deschide consola…",
  "problem.wrong": "Adresa de e-mail sau parola este greșită",
  "problem.wrong.hint": "Verificați-le pe amândouă și încercați din nou.",
  "problem.taken": "Există deja un cont cu această adresă de e-mail",
  "problem.taken.hint": "Dacă este al dumneavoastră, alegeți „Am deja un cont” și conectați-vă.",
  "problem.locked": "Conectarea este suspendată",
  "problem.locked.hint": "Au fost prea multe încercări. Încercați mai târziu.",
  "problem.unreachable": "Serverul nu poate fi contactat acum",
  "problem.unreachable.hint": "Verificați conexiunea și încercați din nou.",
  "problem.refused": "Nu a funcționat",
  "problem.refused.hint": "Serverul spune: {info}",
};
