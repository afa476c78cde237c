// What the join page says, in English.

export const join = {
  title: "Your appointment",
  titleWith: "Your appointment with {other}",
  loading: "Looking up your appointment…",

  you: "You",
  when: "When",

  "not-open-yet": "The video room opens: {opens}",
  "not-open-yet.countdown": "Opens in {time}",
  "not-open-yet.opening": "Opening now…",
  "not-open-yet.hint": "You can keep this page open: the button to join appears here by itself.",
  open: "You can join now",
  "open.hint": "Before you enter you can check your camera and your microphone.",
  pending: "Your video room is being prepared",
  "pending.hint": "This takes a moment. The button to join appears here by itself.",
  over: "This appointment is over",
  "over.hint": "If you need another one, please contact {organization}.",
  cancelled: "This appointment was cancelled",
  "cancelled.hint": "Nobody is waiting for you. If you have a question, please contact {organization}.",
  "no-show": "This appointment was missed",
  "no-show.hint": "To find another time, please contact {organization}.",
  "not-scheduled": "This appointment is not confirmed yet",
  "not-scheduled.hint": "Once it is, you will find the way into the video call here, under this same link.",

  button: "Join Video Call",
  "button.busy": "Opening the call…",

  unavailable: "Videocall temporarily unavailable",
  "unavailable.hint": "We could not open the call for you just now. Please try again in a moment.",
  "unavailable.room": "If that does not help, you can go straight to the room and ask to be let in:",
  "unavailable.link": "Open the video room",

  wrong: "This link is not valid",
  "wrong.hint":
    "Please check that you opened the whole link from your message. If it still does not work, ask whoever sent it for a new one.",

  offline: "You are offline",
  "offline.hint": "This page goes on by itself as soon as the connection is back.",
  unreachable: "We cannot reach the server right now",
  "unreachable.hint": "Trying again by itself.",
} as const;

export type JoinKey = keyof typeof join;
