// What the page says where there is nothing, in German.

import type { MissingKey } from "../en/missing";
import type { Catalogue } from "../say";

export const missing: Catalogue<MissingKey> = {
  title: "Unter dieser Adresse ist nichts",
  check: "Bitte prüfen Sie, ob Sie den ganzen Link geöffnet haben: beim Kopieren geht leicht das Ende verloren.",
  ask: "Wenn es weiterhin nicht geht, bitten Sie um einen neuen.",
};
