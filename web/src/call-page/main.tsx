import { render } from "preact";
import { Call } from "../core/call";
import { keepChosen, readChosen } from "../core/chosen-devices";
import { failuresBetween } from "../core/failures";
import { Reporter } from "../core/report";
import { situationOf } from "../core/situation";
import { PageStorage, readAddress, TabMemory, type TabStorage } from "../core/tab-memory";
import { call as english } from "../ui/messages/en/call";
import { speaker } from "../ui/messages/say";
import { CallPageContext } from "./context";
import { Page } from "./page";
import "../ui/tokens.css";
import "../ui/elements.css";
import "./call.css";

const address = readAddress(location.href);
const memory = new TabMemory(storage("sessionStorage"), address.room);
if (address.token !== null) memory.arriveWith(address.token);
history.replaceState(history.state, "", address.withoutToken);

const preferences = storage("localStorage");
const call = new Call({
  room: address.room,
  signallingUrl: `${location.origin.replace(/^http/, "ws")}/signalling`,
  userName: address.userName,
  memory,
  chosenDevices: readChosen(preferences),
  media: navigator.mediaDevices,
  situationOf,
  connect: (url) => new WebSocket(url),
});
call.store.subscribe((after, before) => {
  if (after.devices.chosen !== before.devices.chosen) keepChosen(preferences, after.devices.chosen);
});
const reporter = new Reporter(storage("sessionStorage"), address.room, Date.now());
call.store.subscribe((after, before) => {
  for (const failure of failuresBetween(before, after)) reporter.tell(failure, Date.now());
});
call.start();
addEventListener("online", () => call.wake());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") call.wake();
});

// English texts, with the person's own way to write times when they use English too.
const locale = navigator.languages.find((language) => language.startsWith("en")) ?? "en";
const place = document.getElementById("page");
if (place) {
  render(
    <CallPageContext.Provider value={{ call, say: speaker(english), locale }}>
      <Page room={address.room} />
    </CallPageContext.Provider>,
    place,
  );
}

/** Reading the property throws where the browser forbids storage. */
function storage(name: "sessionStorage" | "localStorage"): TabStorage {
  try {
    return window[name];
  } catch {
    return new PageStorage();
  }
}
