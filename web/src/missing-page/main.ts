// Says in the reader's language that there is nothing here. What the server sends says it in English already.

import { missing as de } from "../ui/messages/de/missing";
import { missing as en } from "../ui/messages/en/missing";
import { missing as es } from "../ui/messages/es/missing";
import { missing as fr } from "../ui/messages/fr/missing";
import { missing as ro } from "../ui/messages/ro/missing";
import { languageOf } from "../ui/messages/languages";
import { speaker } from "../ui/messages/say";

const language = languageOf(["user"], navigator.languages);
const say = speaker({ en, ro, de, fr, es }[language], language);

document.documentElement.lang = language;
document.title = say("title");
for (const name of ["title", "check", "ask"] as const) {
  document.getElementById(name)?.replaceChildren(say(name));
}
