import { invite } from "../ui/messages/en/invite";
import { speaker } from "../ui/messages/say";

/** Says a text of the page behind an invite link. */
export const say = speaker(invite);
