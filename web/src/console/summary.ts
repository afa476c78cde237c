// What matters on a day, in a few words.

import type { Appointment, DayOfAppointments } from "./api";
import { say } from "./say";

/** Whether somebody should look at the appointment's room. */
export function needsAttention({ room }: Appointment): boolean {
  return room.state === "pending" || (room.state === "removing" && room.problem !== null);
}

/** Those in which somebody has this in the name; capitals, accents and the order of words do not matter. */
export function withName(appointments: readonly Appointment[], wanted: string): readonly Appointment[] {
  const words = plain(wanted).split(/\s+/);
  return appointments.filter(({ specialist_name, patient_name }) =>
    [specialist_name, patient_name].some((name) => words.every((word) => plain(name).includes(word))),
  );
}

const plain = (text: string): string => text.trim().normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

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
