// What the page behind an invite link says, in Spanish.

import type { InviteKey } from "../en/invite";
import type { Catalogue } from "../say";

export const invite: Catalogue<InviteKey> = {
  product: "Vestibule",
  title: "Invitación",
  loading: "Buscando su invitación…",
  unreachable: "No podemos conectar con el servidor en este momento",
  "unreachable.hint": "Se vuelve a intentar automáticamente.",

  wrong: "Esta invitación ya no vale",
  "wrong.hint":
    "Compruebe que ha abierto el enlace entero. Si sigue sin funcionar, pida uno nuevo a quien se lo envió.",

  join: "Unirse al equipo {team}",
  "join.new": "Cree una cuenta para pertenecer al equipo.",
  "join.known": "Inicie sesión para pertenecer al equipo.",
  name: "Su nombre",
  "name.missing": "Escriba su nombre.",
  email: "Correo electrónico",
  "email.missing": "Escriba su correo electrónico.",
  password: "Contraseña",
  "password.missing": "Escriba una contraseña.",
  "password.hint": "Al menos 12 caracteres; unas palabras sin relación hacen una buena.",
  show: "Mostrar la contraseña",
  "button.new": "Crear la cuenta y unirse",
  "button.known": "Iniciar sesión y unirse",
  busy: "Uniéndose…",
  "switch.new": "Todavía no tengo cuenta",
  "switch.known": "Ya tengo cuenta",
  joined: "Ya pertenece al equipo {team}",
  "joined.hint": "Abriendo la consola…",

  "problem.wrong": "El correo electrónico o la contraseña no son correctos",
  "problem.wrong.hint": "Compruebe ambos e inténtelo de nuevo.",
  "problem.taken": "Ya hay una cuenta con este correo electrónico",
  "problem.taken.hint": "Si es suya, elija «Ya tengo cuenta» e inicie sesión.",
  "problem.locked": "El inicio de sesión está en pausa",
  "problem.locked.hint": "Hubo demasiados intentos. Inténtelo de nuevo más tarde.",
  "problem.unreachable": "No podemos conectar con el servidor en este momento",
  "problem.unreachable.hint": "Compruebe su conexión e inténtelo de nuevo.",
  "problem.refused": "No ha funcionado",
  "problem.refused.hint": "El servidor dice: {info}",
};
