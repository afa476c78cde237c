import "../ui/tokens.css";
import "../ui/elements.css";
import "../ui/entrance.css";
import "./docs.css";
import { render } from "preact";
import { DocsPage } from "./docs-page";
import type { ApiDocument } from "./document";

const place = document.getElementById("page");

async function show(): Promise<void> {
  if (!place) return;
  render(<DocsPage />, place);
  try {
    const answer = await fetch("/openapi.json");
    const api = (await answer.json()) as ApiDocument;
    render(<DocsPage api={api} />, place);
    // The browser looked for it before it was there.
    document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
  } catch {
    render(<DocsPage failed />, place);
  }
}

void show();
