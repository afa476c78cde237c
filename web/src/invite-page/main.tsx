import "../ui/tokens.css";
import "../ui/elements.css";
import "../ui/entrance.css";
import "./invite.css";
import { render } from "preact";
import { InvitePage } from "./invite-page";
import { speak } from "./say";
import { Visit } from "./visit";

await speak();
const visit = new Visit(new URLSearchParams(location.search).get("tk") ?? "");
const place = document.getElementById("page");
if (place) render(<InvitePage visit={visit} />, place);
void visit.start();
