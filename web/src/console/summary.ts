// What matters on a day, in a few words.

import type { Appointment, DayOfAppointments } from "./api";
import { say } from "./say";

/** Whether somebody should look at the appointment's room. */
export function needsAttention({ room }: Appointment): boolean {
  return room.state === "pending" || (room.state === "removing" && room.problem !== null);
}

/** "4 appointments", and "1 room needs attention" if any does. */
export function summary({ appointments, total_count }: DayOfAppointments): [string, string | null] {
  const attention = appointments.filter(needsAttention).length;
  const shown = appointments.length;
  return [
    shown < total_count
      ? say("board.part", { shown, count: total_count })
      : say("board.count", { count: total_count }),
    attention > 0 ? say("board.attention", { count: attention }) : null,
  ];
}
