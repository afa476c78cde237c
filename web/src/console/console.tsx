import { useEffect } from "preact/hooks";
import { useStore } from "../ui/use-store";
import { BoardPage } from "./board-page";
import type { Desk } from "./desk";
import { say } from "./say";
import { SignIn } from "./sign-in";

/** The whole console. */
export function Console({ desk }: { desk: Desk }) {
  const state = useStore(desk.store);
  const { session } = state;
  const isOutside = typeof session === "string" || "reason" in session;

  useEffect(() => {
    document.title = isOutside ? `${say("sign-in")} · ${say("title")}` : say("title");
  }, [isOutside]);

  if (session === "loading" || session === "unreachable") {
    return <Waiting isUnreachable={session === "unreachable"} />;
  }
  if ("reason" in session) {
    return <SignIn state={session} onSignIn={(email, password) => void desk.signIn(email, password)} />;
  }
  return <BoardPage desk={desk} state={state} session={session} />;
}

function Waiting({ isUnreachable }: { isUnreachable: boolean }) {
  return (
    <main class="waiting">
      <h1 class="visually-hidden">{say("title")}</h1>
      <div role="status">
        {isUnreachable ? (
          <div class="notice notice-warning">
            <p class="notice-title">{say("unreachable")}</p>
            <p>{say("unreachable.hint")}</p>
          </div>
        ) : (
          <p class="quiet">{say("loading")}</p>
        )}
      </div>
    </main>
  );
}
