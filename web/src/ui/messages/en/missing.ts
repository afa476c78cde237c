// What the page says where there is nothing, in English. The server sends these words in it.

export const missing = {
  title: "There is nothing at this address",
  check: "Please check that you opened the whole link: the end is easily lost when a link is copied.",
  ask: "If it still does not work, ask whoever sent it for a new one.",
} as const;

export type MissingKey = keyof typeof missing;
