import { languageOf } from "../ui/messages/languages";
import { speaker } from "../ui/messages/say";
import { catalogueOf } from "./catalogue";

const wished = new URLSearchParams(location.search).get("lang");
const [language, catalogue] = await catalogueOf(languageOf([wished, "user"], navigator.languages));
document.documentElement.lang = language;

/** Says a text of the page behind an invite link, in the language of the address or the browser. */
export const say = speaker(catalogue, language);
