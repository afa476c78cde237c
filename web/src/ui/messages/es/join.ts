// What the join page says, in Spanish.

import type { JoinKey } from "../en/join";
import type { Catalogue } from "../say";

export const join: Catalogue<JoinKey> = {
  title: "Su cita",
  titleWith: "Su cita con {other}",
  loading: "Buscando su cita…",

  you: "Usted",
  when: "Cuándo",

  "not-open-yet": "La sala de vídeo se abre: {opens}",
  "not-open-yet.countdown": "Se abre en {time}",
  "not-open-yet.opening": "Abriendo…",
  "not-open-yet.hint": "Puede dejar esta página abierta: el botón para entrar aparecerá aquí por sí solo.",
  open: "Ya puede entrar",
  "open.hint": "Antes de entrar puede comprobar su cámara y su micrófono.",
  pending: "Su sala de vídeo se está preparando",
  "pending.hint": "Tarda un momento. El botón para entrar aparecerá aquí por sí solo.",
  over: "Esta cita ha terminado",
  "over.hint": "Si necesita otra, póngase en contacto con {organization}.",
  cancelled: "Esta cita se ha cancelado",
  "cancelled.hint": "Nadie le está esperando. Si tiene alguna pregunta, póngase en contacto con {organization}.",
  "no-show": "No se acudió a esta cita",
  "no-show.hint": "Para encontrar otra hora, póngase en contacto con {organization}.",
  "not-scheduled": "Esta cita aún no está confirmada",
  "not-scheduled.hint": "Cuando lo esté, encontrará aquí, en este mismo enlace, la entrada a la videollamada.",

  button: "Entrar en la videollamada",
  "button.busy": "Abriendo la llamada…",

  unavailable: "La videollamada no está disponible en este momento",
  "unavailable.hint": "No hemos podido abrir la llamada. Inténtelo de nuevo dentro de un momento.",
  "unavailable.room": "Si eso no ayuda, puede ir directamente a la sala y pedir que le dejen entrar:",
  "unavailable.link": "Abrir la sala de vídeo",

  wrong: "Este enlace no es válido",
  "wrong.hint":
    "Compruebe que ha abierto el enlace completo de su mensaje. Si sigue sin funcionar, pida uno nuevo a quien se lo envió.",

  offline: "No tiene conexión",
  "offline.hint": "Esta página seguirá por sí sola en cuanto vuelva la conexión.",
  unreachable: "No podemos conectar con el servidor en este momento",
  "unreachable.hint": "Se vuelve a intentar automáticamente.",
};
