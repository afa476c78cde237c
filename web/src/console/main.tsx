import "../ui/tokens.css";
import "../ui/elements.css";
import "../ui/entrance.css";
import "./frame.css";
import "./pages.css";
import "./console.css";
import { render } from "preact";
import { Console } from "./console";
import { Desk } from "./desk";
import { speak, wishedLanguage } from "./say";

const desk = new Desk(await speak(wishedLanguage()));
const place = document.getElementById("page");
if (place) render(<Console desk={desk} />, place);
desk.start();
