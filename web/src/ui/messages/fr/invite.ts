// What the page behind an invite link says, in French.

import type { InviteKey } from "../en/invite";
import type { Catalogue } from "../say";

export const invite: Catalogue<InviteKey> = {
  product: "Vestibule",
  title: "Invitation à rejoindre une équipe",
  loading: "Recherche de votre invitation…",
  unreachable: "Le serveur est injoignable pour le moment",
  "unreachable.hint": "Nouvelle tentative automatique.",

  wrong: "Cette invitation n’est plus valable",
  "wrong.hint":
    "Vérifiez que vous avez ouvert le lien en entier. S’il ne fonctionne toujours pas, demandez-en un nouveau à qui vous l’a envoyé.",

  join: "Rejoindre l’équipe {team}",
  "join.new": "Créez un compte pour faire partie de l’équipe.",
  "join.known": "Connectez-vous pour faire partie de l’équipe.",
  name: "Votre nom",
  "name.missing": "Veuillez saisir votre nom.",
  email: "Adresse e-mail",
  "email.missing": "Veuillez saisir votre adresse e-mail.",
  password: "Mot de passe",
  "password.missing": "Veuillez saisir un mot de passe.",
  "password.hint": "Au moins 12 caractères ; quelques mots sans rapport en font un bon.",
  show: "Afficher le mot de passe",
  "button.new": "Créer le compte et rejoindre",
  "button.known": "Se connecter et rejoindre",
  busy: "Adhésion en cours…",
  "switch.new": "Je n’ai pas encore de compte",
  "switch.known": "J’ai déjà un compte",
  joined: "Vous faites maintenant partie de l’équipe {team}",
  "joined.hint": "Ouverture de la console…",

  "problem.wrong": "L’adresse e-mail ou le mot de passe est incorrect",
  "problem.wrong.hint": "Veuillez vérifier les deux et réessayer.",
  "problem.taken": "Il existe déjà un compte avec cette adresse e-mail",
  "problem.taken.hint": "Si c’est le vôtre, choisissez « J’ai déjà un compte » et connectez-vous.",
  "problem.locked": "La connexion est suspendue",
  "problem.locked.hint": "Il y a eu trop d’essais. Veuillez réessayer plus tard.",
  "problem.unreachable": "Le serveur est injoignable pour le moment",
  "problem.unreachable.hint": "Veuillez vérifier votre connexion et réessayer.",
  "problem.refused": "Cela n’a pas fonctionné",
  "problem.refused.hint": "Le serveur répond : {info}",
};
