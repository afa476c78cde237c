import { administrationTexts } from "../ui/messages/en/administration";
import { consoleTexts } from "../ui/messages/en/console";
import { organizationTexts } from "../ui/messages/en/organization";
import { speaker } from "../ui/messages/say";

/** Says a text of the console. */
export const say = speaker({ ...consoleTexts, ...organizationTexts, ...administrationTexts });
