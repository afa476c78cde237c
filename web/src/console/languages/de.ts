import { administrationTexts } from "../../ui/messages/de/administration";
import { consoleTexts } from "../../ui/messages/de/console";
import { organizationTexts } from "../../ui/messages/de/organization";
import { serverTexts } from "../../ui/messages/de/server";

export const catalogues = {
  pages: { ...consoleTexts, ...organizationTexts, ...administrationTexts },
  server: serverTexts,
};
