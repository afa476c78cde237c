// What the page behind an invite link says, in English.

export const invite = {
  product: "Vestibule",
  title: "Invitation",
  loading: "Looking up your invitation…",
  unreachable: "We cannot reach the server right now",
  "unreachable.hint": "Trying again by itself.",

  wrong: "This invitation is not valid any more",
  "wrong.hint": "Please check that you opened the whole link. If it still does not work, ask whoever sent it for a new one.",

  join: "Join the team {team}",
  "join.new": "Make an account to belong to the team.",
  "join.known": "Sign in to belong to the team.",
  name: "Your name",
  "name.missing": "Please write your name.",
  email: "E-mail address",
  "email.missing": "Please write your e-mail address.",
  password: "Password",
  "password.missing": "Please write a password.",
  "password.hint": "At least 12 characters; a few unrelated words make a good one.",
  show: "Show the password",
  "button.new": "Make the account and join",
  "button.known": "Sign in and join",
  busy: "Joining…",
  "switch.new": "I have no account yet",
  "switch.known": "I already have an account",
  joined: "You belong to the team {team} now",
  "joined.hint": "Opening the console…",

  "problem.wrong": "The e-mail address or the password is wrong",
  "problem.wrong.hint": "Please check both and try again.",
  "problem.taken": "There is already an account with this e-mail address",
  "problem.taken.hint": "If it is yours, choose “I already have an account” and sign in.",
  "problem.locked": "Signing in is paused",
  "problem.locked.hint": "There were too many tries. Please try again later.",
  "problem.unreachable": "We cannot reach the server right now",
  "problem.unreachable.hint": "Please check your connection and try again.",
  "problem.refused": "That did not work",
  "problem.refused.hint": "The server says: {info}",
} as const;

export type InviteKey = keyof typeof invite;
