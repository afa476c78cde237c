import { useEffect } from "preact/hooks";
import type { KnockView } from "../protocol/messages.gen";
import { useCallPage } from "./context";
import { chime } from "../ui/chime";

const FLASH_EVERY_MS = 1000;
const REMIND_EVERY_MS = 30_000;

interface KnockAlarmProps {
  knocks: KnockView[];
  title: string;
  /** Id of the speaker that sounds. */
  speaker: string;
}

/**
 * While somebody waits, the tab's title flashes their name; each new one sounds a chime, and it sounds again every
 * 30 seconds until everybody is answered.
 */
export function KnockAlarm({ knocks, title, speaker }: KnockAlarmProps) {
  const { say } = useCallPage();
  const latest = knocks.at(-1);
  useEffect(() => {
    if (latest === undefined) return;
    void chime(speaker);
    const timer = setInterval(() => void chime(speaker), REMIND_EVERY_MS);
    return () => clearInterval(timer);
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
