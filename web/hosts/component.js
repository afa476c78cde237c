// As a portal does it: the script of the server of calls, and one element.

const query = new URLSearchParams(location.search);
const url = query.get("url");

const script = document.createElement("script");
script.type = "module";
script.src = new URL("/embed.js", url).href;
document.head.append(script);

const call = document.createElement("vestibule-call");
window.call = call;
window.events = [];
for (const name of ["joined-meeting", "participant-joined", "participant-left", "left-meeting", "error"]) {
  call.addEventListener(name, ({ detail }) => window.events.push({ ...detail, action: name }));
}
for (const name of ["url", "token", "user-name"]) if (query.has(name)) call.setAttribute(name, query.get(name));
document.body.append(call);
