// What matters on a day, in a few words.

import type { Appointment } from "./api";
import { say } from "./say";

/** Whether somebody should look at the appointment's room. */
export function needsAttention({ room }: Appointment): boolean {
  return room.state === "pending" || (room.state === "removing" && room.problem !== null);
}

/** "4 appointments", and "1 room needs attention" if any does. */
export function summary(appointments: readonly Appointment[]): [string, string | null] {
  const attention = appointments.filter(needsAttention).length;
  return [
    counted("board", appointments.length),
    attention > 0 ? counted("board.attention", attention) : null,
  ];
}

function counted(key: "board" | "board.attention", count: number): string {
  return count === 1 ? say(`${key}.one`) : say(`${key}.many`, { count });
}
