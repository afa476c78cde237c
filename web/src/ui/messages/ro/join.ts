// What the join page says, in Romanian.

import type { JoinKey } from "../en/join";
import type { Catalogue } from "../say";

export const join: Catalogue<JoinKey> = {
  title: "Programarea dumneavoastră",
  titleWith: "Programarea dumneavoastră cu {other}",
  loading: "Căutăm programarea dumneavoastră…",

  you: "Dumneavoastră",
  when: "Când",

  "not-open-yet": "Camera video se deschide: {opens}",
  "not-open-yet.countdown": "Se deschide în {time}",
  "not-open-yet.opening": "Se deschide acum…",
  "not-open-yet.hint": "Puteți lăsa această pagină deschisă: butonul de intrare apare aici de la sine.",
  open: "Puteți intra acum",
  "open.hint": "Înainte de a intra vă puteți verifica microfonul și camera.",
  pending: "Camera video este în pregătire",
  "pending.hint": "Durează puțin. Butonul de intrare apare aici de la sine.",
  over: "Această programare s-a încheiat",
  "over.hint": "Dacă aveți nevoie de o altă programare, vă rugăm să contactați {organization}.",
  cancelled: "Această programare a fost anulată",
  "cancelled.hint": "Nu vă așteaptă nimeni. Dacă aveți întrebări, vă rugăm să contactați {organization}.",
  "no-show": "Această programare a fost ratată",
  "no-show.hint": "Pentru a găsi o altă oră, vă rugăm să contactați {organization}.",
  "not-scheduled": "Această programare nu este încă confirmată",
  "not-scheduled.hint": "După confirmare veți găsi aici, la același link, intrarea în apelul video.",

  button: "Intrați în apelul video",
  "button.busy": "Se deschide apelul…",

  unavailable: "Apelul video nu este disponibil momentan",
  "unavailable.hint": "Nu am putut deschide apelul acum. Vă rugăm să încercați din nou în câteva clipe.",
  "unavailable.room": "Dacă nu ajută, puteți merge direct la cameră și cere să fiți primit:",
  "unavailable.link": "Deschideți camera video",

  wrong: "Acest link nu este valabil",
  "wrong.hint":
    "Vă rugăm să verificați că ați deschis întregul link din mesaj. Dacă tot nu funcționează, cereți unul nou de la cine vi l-a trimis.",

  offline: "Nu aveți conexiune la internet",
  "offline.hint": "Pagina continuă de la sine imediat ce conexiunea revine.",
  unreachable: "Nu putem ajunge la server în acest moment",
  "unreachable.hint": "Încercăm din nou de la sine.",
};
