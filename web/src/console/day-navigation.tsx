import { Heading } from "../ui/heading";
import { dayAfter, dayInWords, dayOf, type Day } from "./day";
import { locale, say } from "./say";

interface DayNavigationProps {
  day: Day;
  onChoose: (day: Day) => void;
}

/** Which day is shown, and the way to others. */
export function DayNavigation({ day, onChoose }: DayNavigationProps) {
  const today = dayOf(new Date());
  return (
    <div class="days">
      <Heading>
        <span class="visually-hidden">{say("day", { day: "" })}</span>
        <span>{dayInWords(day, locale())}</span>{" "}
        {day === today && <span class="today">{say("today")}</span>}
      </Heading>
      <nav class="days-buttons" aria-label={say("days")}>
        {day !== today && (
          <button type="button" class="button button-quiet" onClick={() => onChoose(today)}>
            {say("day.today")}
          </button>
        )}
        <Step label={say("day.previous")} shape="M14.5 6l-6 6 6 6" onPress={() => onChoose(dayAfter(day, -1))} />
        <Step label={say("day.next")} shape="M9.5 6l6 6-6 6" onPress={() => onChoose(dayAfter(day, 1))} />
      </nav>
    </div>
  );
}

function Step({ label, shape, onPress }: { label: string; shape: string; onPress: () => void }) {
  return (
    <button type="button" class="button button-quiet step" aria-label={label} title={label} onClick={onPress}>
      <svg class="sign" viewBox="0 0 24 24" aria-hidden="true">
        <path d={shape} />
      </svg>
    </button>
  );
}
