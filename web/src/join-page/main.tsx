import "../ui/tokens.css";
import "../ui/elements.css";
import "./join.css";
import { render } from "preact";
import { languageOf, localeOf } from "../ui/messages/languages";
import { speaker } from "../ui/messages/say";
import { catalogueOf } from "./catalogue";
import { JoinPageContext } from "./context";
import { JoinPage } from "./join-page";
import { Visit } from "./visit";

const wished = new URLSearchParams(location.search).get("lang");
const visit = new Visit(location.pathname.replace(/\/+$/, ""));
visit.start();

const [language, catalogue] = await catalogueOf(languageOf([wished, "user"], navigator.languages));
document.documentElement.lang = language;
const page = { say: speaker(catalogue, language), locale: localeOf(language, navigator.languages) };
const place = document.getElementById("page");
if (place) {
  render(
    <JoinPageContext.Provider value={page}>
      <JoinPage visit={visit} />
    </JoinPageContext.Provider>,
    place,
  );
}
