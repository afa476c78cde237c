import { docs, type DocsKey } from "../ui/messages/en/docs";
import { speaker } from "../ui/messages/say";

export const say = speaker<DocsKey>(docs);
