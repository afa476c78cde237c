// Where to go when the call is over.

import type { RoomView } from "../protocol/messages.gen";

/** The page that the room or the token names, if it is a web page; null to stay here. */
export function exitOf(room: Pick<RoomView, "redirect_on_meeting_exit"> | null): string | null {
  const address = room?.redirect_on_meeting_exit ?? "";
  if (!URL.canParse(address)) return null;
  return /^https?:$/.test(new URL(address).protocol) ? address : null;
}
