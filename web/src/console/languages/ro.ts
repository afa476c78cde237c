import { administrationTexts } from "../../ui/messages/ro/administration";
import { consoleTexts } from "../../ui/messages/ro/console";
import { organizationTexts } from "../../ui/messages/ro/organization";
import { serverTexts } from "../../ui/messages/ro/server";

export const catalogues = {
  pages: { ...consoleTexts, ...organizationTexts, ...administrationTexts },
  server: serverTexts,
};
