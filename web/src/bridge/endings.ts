// Why a stay ended or never began, in the types and texts that hosts written for Daily tell apart.

import type { EndReason, RefusalReason } from "../protocol/messages.gen";
import type { Told } from "./daily";

interface Ending {
  type: string;
  errorMsg: string;
  /** Where it differs from `errorMsg`. */
  msg?: string;
}

const refusals: Record<RefusalReason, Ending> = {
  "no-room": { type: "no-room", errorMsg: "The meeting you're trying to join does not exist." },
  "nbf-room": { type: "nbf-room", errorMsg: "This room is not available yet" },
  "exp-room": { type: "exp-room", errorMsg: "This room is no longer available" },
  "nbf-token": { type: "nbf-token", errorMsg: "Your meeting token is not valid yet" },
  "exp-token": { type: "exp-token", errorMsg: "Your meeting token has expired" },
  "meeting-full": { type: "meeting-full", errorMsg: "Meeting is full" },
  "not-allowed": { type: "not-allowed", errorMsg: "You are not allowed to join this meeting" },
  ejected: { type: "ejected", errorMsg: "Meeting has ended" },
  "end-of-life": { type: "end-of-life", errorMsg: "This page is too old for the server" },
};

const ends: Record<EndReason | "defect", Ending> = {
  "room-deleted": {
    type: "no-room",
    errorMsg: "Meeting has ended",
    msg: "Exiting meeting because room was deleted",
  },
  denied: { type: "not-allowed", errorMsg: "Join request rejected" },
  ejected: { type: "ejected", errorMsg: "Meeting has ended" },
  "room-expired": { type: "ejected", errorMsg: "Meeting has ended" },
  "time-over": { type: "ejected", errorMsg: "Meeting has ended" },
  replaced: { type: "ejected", errorMsg: "Meeting has ended" },
  defect: { type: "connection-error", errorMsg: "The connection to the meeting was lost" },
};

export const refused = (reason: RefusalReason): Told[] => fatal(refusals[reason]);

export const ended = (reason: EndReason | "defect"): Told[] => fatal(ends[reason]);

/** `preserveIframe`: the page's own words stay readable. Hosts expect `left-meeting` right after. */
function fatal({ type, errorMsg, msg = errorMsg }: Ending): Told[] {
  const error = { type, msg, details: JSON.stringify({ sourceError: { type, msg } }) };
  return [{ action: "error", errorMsg, error, preserveIframe: true }, { action: "left-meeting" }];
}
