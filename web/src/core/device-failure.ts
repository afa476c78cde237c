// Why a camera, a microphone or a screen cannot be used: every reason has a name, because every reason has its own fix.

export type DeviceFailure =
  /** The person, or the browser for them, said no. */
  | "blocked"
  /** The question was closed without an answer. */
  | "dismissed"
  /** The operating system does not let the browser use it. */
  | "blocked-by-system"
  /** There is none. */
  | "none-found"
  /** Another program uses it, or it does not work. */
  | "in-use"
  /** The page that embeds this one does not hand the permission on. */
  | "frame"
  /** Browsers give devices to pages on https or localhost only. */
  | "insecure"
  /** This browser gives pages no devices at all. */
  | "unsupported"
  /** It stopped: unplugged, or taken by the system. */
  | "lost"
  | "unknown";

/** What the browser says beside the error itself. */
export interface Situation {
  secureContext: boolean;
  /** False if the embedding page's policy forbids it. */
  allowedInFrame: boolean;
  /** State of the permission; null where the browser does not tell. */
  permission: PermissionState | null;
}

/** Thrown where the browser has no devices to ask for. */
export class NoDevices extends Error {}

/** Name the failure of `getUserMedia` or `getDisplayMedia`. */
export function nameFailure(error: unknown, situation: Situation): DeviceFailure {
  if (!situation.secureContext) return "insecure";
  if (!situation.allowedInFrame) return "frame";
  if (error instanceof NoDevices) return "unsupported";
  const { name, message } = error instanceof Error ? error : { name: "", message: "" };
  switch (name) {
    case "NotAllowedError":
    case "SecurityError":
      if (/system/i.test(message)) return "blocked-by-system";
      return situation.permission === "prompt" ? "dismissed" : "blocked";
    case "NotFoundError":
    case "OverconstrainedError":
      return "none-found";
    case "NotReadableError":
    case "AbortError":
      return "in-use";
    default:
      return "unknown";
  }
}
