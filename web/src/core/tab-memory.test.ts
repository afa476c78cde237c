import { beforeEach, expect, test } from "vitest";
import { PageStorage, readAddress, TabMemory, type TabStorage, withToken } from "./tab-memory";

let storage: TabStorage;
let memory: TabMemory;

beforeEach(() => {
  storage = new PageStorage();
  memory = new TabMemory(storage, "room");
});

test.each([
  ["https://v.example/room?t=secret", { token: "secret", withoutToken: "/room" }],
  ["https://v.example/room?t=first&lang=ro&t=last#top", { token: "last", withoutToken: "/room?lang=ro#top" }],
  ["https://v.example/room?t=", { token: null, withoutToken: "/room" }],
  ["https://v.example/room?name=Ben%20B", { token: null, userName: "Ben B" }],
  ["https://v.example/a%20room/", { room: "a room", token: null }],
])("reads %s", (address, expected) => {
  expect(readAddress(address)).toMatchObject(expected);
});

test.each(["/room?t=secret", "/room?lang=ro&t=secret#top"])("gives %s back for another tab", (address) => {
  expect(withToken(readAddress(`https://v.example${address}`), "secret")).toBe(address);
});

test("a reload finds token, ticket and wishes again", () => {
  memory.arriveWith("secret");
  memory.keepResume("ticket");
  memory.keepWishes({ microphone: false, camera: true });
  const reloaded = new TabMemory(storage, "room");
  expect(reloaded).toMatchObject({
    token: "secret",
    resume: "ticket",
    wishes: { microphone: false, camera: true },
  });
});

test("another room finds nothing", () => {
  memory.arriveWith("secret");
  expect(new TabMemory(storage, "another")).toMatchObject({ token: null, resume: null, wishes: null });
});

test("the same link goes on with the stay, another link begins a new one", () => {
  memory.arriveWith("secret");
  memory.keepResume("ticket");
  memory.arriveWith("secret");
  expect(memory.resume).toBe("ticket");
  memory.arriveWith("another");
  expect(memory).toMatchObject({ token: "another", resume: null });
});

test("nothing is left after leaving", () => {
  memory.arriveWith("secret");
  memory.keepResume("ticket");
  memory.forget();
  expect(memory).toMatchObject({ token: null, resume: null, wishes: null });
});

test("the way back to an appointment belongs to the invitation that it led to", () => {
  const appointment = { link: "/a/x", other: "Dr. Ada", organization: "Clinic" };
  const memory = new TabMemory(new PageStorage(), "room");
  memory.keepAppointment(appointment, "token");
  expect(memory.appointment).toBeNull();
  memory.arriveWith("token");
  expect(memory.appointment).toMatchObject(appointment);
  memory.arriveWith("another");
  expect(memory.appointment).toBeNull();
});

test("the address may wish for a language", () => {
  expect(readAddress("https://calls.example/room?t=token&lang=ro").lang).toBe("ro");
  expect(readAddress("https://calls.example/room").lang).toBeNull();
});
