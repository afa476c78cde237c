import { administrationTexts } from "../../ui/messages/es/administration";
import { consoleTexts } from "../../ui/messages/es/console";
import { organizationTexts } from "../../ui/messages/es/organization";
import { serverTexts } from "../../ui/messages/es/server";

export const catalogues = {
  pages: { ...consoleTexts, ...organizationTexts, ...administrationTexts },
  server: serverTexts,
};
