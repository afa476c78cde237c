// What the page says where there is nothing, in Spanish.

import type { MissingKey } from "../en/missing";
import type { Catalogue } from "../say";

export const missing: Catalogue<MissingKey> = {
  title: "No hay nada en esta dirección",
  check: "Compruebe que ha abierto el enlace entero: el final se pierde fácilmente al copiarlo.",
  ask: "Si sigue sin funcionar, pida uno nuevo a quien se lo envió.",
};
