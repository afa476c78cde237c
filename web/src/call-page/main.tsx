import { render } from "preact";
import { Call } from "../core/call";
import { Conversation } from "../core/conversation";
import { Look } from "../core/look";
import { keepChosen, readChosen } from "../core/chosen-devices";
import { failuresBetween } from "../core/failures";
import { Reporter } from "../core/report";
import { situationOf } from "../core/situation";
import { browserStorage, PageStorage, readAddress, TabMemory, withToken } from "../core/tab-memory";
import { bridgeToHost, nobody } from "./embedder";
import { drawOnceAFrame } from "../ui/once-a-frame";
import { Page } from "./page";
import { Speech } from "./speech";
import "../ui/tokens.css";
import "../ui/elements.css";
import "./call.css";

const address = readAddress(location.href);
history.replaceState(history.state, "", address.withoutToken);
const bridge = await bridgeToHost(new URLSearchParams(location.search));
const invitation = await bridge?.invitation();
const token = invitation?.token ?? address.token;
// A host brings the token at each visit, and can show the same room twice in one tab.
const memory = new TabMemory(bridge ? new PageStorage() : browserStorage("sessionStorage"), address.room);
if (token !== null) memory.arriveWith(token);
if (invitation) memory.keepWishes(invitation.wishes);

const preferences = browserStorage("localStorage");
const call = new Call({
  room: address.room,
  signallingUrl: `${location.origin.replace(/^http/, "ws")}/signalling`,
  userName: invitation?.userName || address.userName,
  lang: invitation?.lang ?? address.lang,
  isDriven: bridge !== null,
  memory,
  chosenDevices: readChosen(preferences),
  media: navigator.mediaDevices,
  situationOf,
  connect: (url) => new WebSocket(url),
});
call.store.subscribe((after, before) => {
  if (after.devices.chosen !== before.devices.chosen) keepChosen(preferences, after.devices.chosen);
});
const reporter = new Reporter(memory.appointment?.link ?? null, Date.now());
call.store.subscribe((after, before) => {
  for (const failure of failuresBetween(before, after)) reporter.tell(failure, Date.now());
});
const conversation = new Conversation({ call, memory });
const look = new Look(call.store);
bridge?.drive(call, look);
call.start();
addEventListener("online", () => call.wake());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") call.wake();
});

const parts = {
  call,
  conversation,
  look,
  embedder: bridge ?? nobody,
  appointment: memory.appointment,
  ownAddress: bridge === null ? withToken(address, memory.token) : null,
};
drawOnceAFrame();
const place = document.getElementById("page");
if (place) {
  render(
    <Speech parts={parts}>
      <Page room={address.room} />
    </Speech>,
    place,
  );
}
