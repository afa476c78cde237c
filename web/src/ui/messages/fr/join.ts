// What the join page says, in French.

import type { JoinKey } from "../en/join";
import type { Catalogue } from "../say";

export const join: Catalogue<JoinKey> = {
  title: "Votre rendez-vous",
  titleWith: "Votre rendez-vous avec {other}",
  loading: "Recherche de votre rendez-vous…",

  you: "Vous",
  when: "Quand",

  "not-open-yet": "La salle vidéo ouvre : {opens}",
  "not-open-yet.countdown": "Ouvre dans {time}",
  "not-open-yet.opening": "Ouverture…",
  "not-open-yet.hint":
    "Vous pouvez laisser cette page ouverte : le bouton pour rejoindre l’appel apparaîtra ici tout seul.",
  open: "Vous pouvez rejoindre l’appel",
  "open.hint": "Avant d’entrer, vous pourrez vérifier votre caméra et votre micro.",
  pending: "Votre salle vidéo est en préparation",
  "pending.hint": "Cela prend un instant. Le bouton pour rejoindre l’appel apparaîtra ici tout seul.",
  over: "Ce rendez-vous est terminé",
  "over.hint": "S’il vous en faut un autre, veuillez contacter {organization}.",
  cancelled: "Ce rendez-vous a été annulé",
  "cancelled.hint": "Personne ne vous attend. Pour toute question, veuillez contacter {organization}.",
  "no-show": "Ce rendez-vous a été manqué",
  "no-show.hint": "Pour trouver un autre horaire, veuillez contacter {organization}.",
  "not-scheduled": "Ce rendez-vous n’est pas encore confirmé",
  "not-scheduled.hint": "Une fois confirmé, l’accès à l’appel vidéo se trouvera ici, sous ce même lien.",

  button: "Rejoindre l’appel vidéo",
  "button.busy": "Ouverture de l’appel…",

  unavailable: "Appel vidéo momentanément indisponible",
  "unavailable.hint": "Nous n’avons pas pu ouvrir l’appel. Veuillez réessayer dans un instant.",
  "unavailable.room": "Si cela ne suffit pas, vous pouvez aller directement à la salle et demander à entrer :",
  "unavailable.link": "Ouvrir la salle vidéo",

  wrong: "Ce lien n’est pas valable",
  "wrong.hint":
    "Veuillez vérifier que vous avez ouvert le lien entier de votre message. S’il ne fonctionne toujours pas, demandez-en un nouveau à la personne qui vous l’a envoyé.",

  offline: "Vous êtes hors ligne",
  "offline.hint": "Cette page reprendra toute seule dès que la connexion sera rétablie.",
  unreachable: "Le serveur est injoignable pour le moment",
  "unreachable.hint": "Nouvelle tentative automatique.",
};
