import { useEffect, useState } from "preact/hooks";
import { happenings } from "../core/happenings";
import { useCallPage } from "./context";

const SHOWN = 5;

interface Announcement {
  id: number;
  text: string;
}

/** Tells screen readers who came, left, knocks or shares, and how the connection is. */
export function Announcer() {
  const { call, say } = useCallPage();
  const [said, setSaid] = useState<Announcement[]>([]);
  useEffect(
    () =>
      call.store.subscribe((after, before) => {
        const texts = happenings(after, before).map((happening) =>
          say(`happened.${happening.kind}`, {
            name: "name" in happening ? happening.name || say("guest") : "",
            text: "text" in happening ? happening.text : "",
          }),
        );
        if (texts.length === 0) return;
        setSaid((earlier) => {
          const first = (earlier.at(-1)?.id ?? 0) + 1;
          return [...earlier, ...texts.map((text, index) => ({ id: first + index, text }))].slice(-SHOWN);
        });
      }),
    [call, say],
  );
  return (
    <div class="visually-hidden" role="log" aria-live="polite" aria-relevant="additions">
      {said.map(({ id, text }) => (
        <p key={id}>{text}</p>
      ))}
    </div>
  );
}
