// What the page says where there is nothing, in Romanian.

import type { MissingKey } from "../en/missing";
import type { Catalogue } from "../say";

export const missing: Catalogue<MissingKey> = {
  title: "La această adresă nu există nimic",
  check: "Vă rugăm să verificați că ați deschis întregul link: sfârșitul se pierde ușor la copiere.",
  ask: "Dacă tot nu funcționează, cereți unul nou de la cine vi l-a trimis.",
};
