import "../ui/tokens.css";
import "../ui/elements.css";
import "./join.css";
import { render } from "preact";
import { JoinPage } from "./join-page";
import { Visit } from "./visit";

const visit = new Visit(location.pathname.replace(/\/+$/, ""));
const place = document.getElementById("page");
if (place) render(<JoinPage visit={visit} />, place);
visit.start();
