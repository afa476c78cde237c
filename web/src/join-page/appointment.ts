// What the server says about the appointment behind a join link: GET /a/<link>/state.

export const STATES = [
  "not-scheduled",
  "not-open-yet",
  "open",
  "pending",
  "over",
  "cancelled",
  "no-show",
] as const;

export type AppointmentState = (typeof STATES)[number];

export type Appointment = {
  readonly state: AppointmentState;
  readonly role: "specialist" | "patient";
  readonly your_name: string;
  readonly other_name: string;
  readonly organization_name: string;
  readonly started_at: string;
  readonly ended_at: string;
  readonly opens_at: string;
  readonly now: string;
};
