import { administrationTexts } from "../../ui/messages/fr/administration";
import { consoleTexts } from "../../ui/messages/fr/console";
import { organizationTexts } from "../../ui/messages/fr/organization";
import { serverTexts } from "../../ui/messages/fr/server";

export const catalogues = {
  pages: { ...consoleTexts, ...organizationTexts, ...administrationTexts },
  server: serverTexts,
};
