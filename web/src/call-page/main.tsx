import { render } from "preact";
import { Call } from "../core/call";
import { Conversation } from "../core/conversation";
import { Look } from "../core/look";
import { keepChosen, readChosen } from "../core/chosen-devices";
import { situationOf } from "../core/situation";
import { browserStorage, readAddress, TabMemory } from "../core/tab-memory";
import { Page } from "./page";
import { Speech } from "./speech";
import "../ui/tokens.css";
import "../ui/elements.css";
import "./call.css";

const address = readAddress(location.href);
const memory = new TabMemory(browserStorage("sessionStorage"), address.room);
if (address.token !== null) memory.arriveWith(address.token);
history.replaceState(history.state, "", address.withoutToken);

const preferences = browserStorage("localStorage");
const call = new Call({
  room: address.room,
  signallingUrl: `${location.origin.replace(/^http/, "ws")}/signalling`,
  userName: address.userName,
  lang: address.lang,
  memory,
  chosenDevices: readChosen(preferences),
  media: navigator.mediaDevices,
  situationOf,
  connect: (url) => new WebSocket(url),
});
call.store.subscribe((after, before) => {
  if (after.devices.chosen !== before.devices.chosen) keepChosen(preferences, after.devices.chosen);
});
const conversation = new Conversation({ call, memory });
call.start();
addEventListener("online", () => call.wake());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") call.wake();
});

const place = document.getElementById("page");
if (place) {
  render(
    <Speech parts={{ call, conversation, look: new Look(call.store), appointment: memory.appointment }}>
      <Page room={address.room} />
    </Speech>,
    place,
  );
}
