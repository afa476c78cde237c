// What the page says where there is nothing, in French.

import type { MissingKey } from "../en/missing";
import type { Catalogue } from "../say";

export const missing: Catalogue<MissingKey> = {
  title: "Il n’y a rien à cette adresse",
  check: "Vérifiez que vous avez ouvert le lien en entier : la fin se perd facilement quand on le copie.",
  ask: "S’il ne fonctionne toujours pas, demandez-en un nouveau à qui vous l’a envoyé.",
};
