import { useEffect } from "preact/hooks";
import type { KnockView } from "../protocol/messages.gen";
import { useCallPage } from "./context";
import { chime } from "./chime";

const FLASH_EVERY_MS = 1000;

/** While somebody waits, the tab's title flashes their name; each new one sounds a chime. */
export function KnockAlarm({ knocks, title }: { knocks: KnockView[]; title: string }) {
  const { say } = useCallPage();
  const latest = knocks.at(-1);
  useEffect(() => {
    if (latest !== undefined) chime();
  }, [latest?.session_id]);
  useEffect(() => {
    if (latest === undefined) return;
    const alarm = say("knocks.title", { name: latest.user_name || say("guest") });
    document.title = alarm;
    const timer = setInterval(() => {
      document.title = document.title === title ? alarm : title;
    }, FLASH_EVERY_MS);
    return () => {
      clearInterval(timer);
      document.title = title;
    };
  }, [latest?.session_id, title]);
  return null;
}
