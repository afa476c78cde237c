import { useEffect } from "preact/hooks";
import { useStore } from "../ui/use-store";
import { Wordmark } from "../ui/wordmark";
import { JoinForm } from "./join-form";
import { isForm, type Page } from "./page";
import { say } from "./say";
import type { Visit } from "./visit";

/** The whole page behind an invite link. */
export function InvitePage({ visit }: { visit: Visit }) {
  const page = useStore(visit.store);
  const title = titleOf(page);

  useEffect(() => {
    document.title = title;
  }, [title]);

  return (
    <main class="outside">
      {isForm(page) ? <JoinForm visit={visit} form={page} title={title} /> : <Message page={page} title={title} />}
    </main>
  );
}

function titleOf(page: Page): string {
  if (isForm(page)) return say("join", { team: page.team });
  if (typeof page === "object") return say("joined", { team: page.joined });
  return page === "loading" ? say("title") : say(page);
}

function Message({ page, title }: { page: Exclude<Page, object> | { joined: string }; title: string }) {
  const hint = typeof page === "object" ? "joined.hint" : page === "loading" ? "loading" : (`${page}.hint` as const);
  return (
    <div class="sign-in">
      <Wordmark name={say("product")} />
      <h1>{title}</h1>
      <p role="status">{say(hint)}</p>
    </div>
  );
}
