// The desk where there is no line. ES2019, no dependencies; its scope is the desk's pages and nothing else.
// The server fills in what addresses add to the scope; every file of this folder is served as one script.
const SCOPE = self.registration.scope;
const DOOR = SCOPE + "__DOOR__";
const PRESS = SCOPE + "__PRESS__";
const ENTER = SCOPE + "__ENTER__";
const PATIENCE = 8000; // ms: on 2G an answer is there by then

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("sync", (event) => event.waitUntil(flush()));
self.addEventListener("message", (event) => event.waitUntil(hear(event)));
self.addEventListener("fetch", (event) => {
  const request = event.request;
  const place = request.url.split(/[?#]/)[0];
  const isPage = request.mode === "navigate";
  if (request.method === "GET") {
    if (isPage) visit(event, place);
    else if (/\/static\/.*\.(css|js)$/.test(place)) event.respondWith(fetch(request).catch(() => keptFile(request)));
  } else if (request.referrer.startsWith(self.location.origin + "/")) {
    // Another site's form goes on untouched: what a worker asks for arrives in our name.
    if (isPage && place === DOOR) event.respondWith(manage(event));
    else if (place === PRESS) event.respondWith(press(event, isPage));
    else if (isPage) event.respondWith(fetch(request).catch(() => toDoor("solo")));
  }
});

async function hear(event) {
  const told = event.data || {};
  if (told.key) await arm(told);
  else if (told.leaving) event.ports[0].postMessage(await leave(told));
  else await flush();
}

function visit(event, place) {
  if (place === DOOR) return event.respondWith(doorPage(event));
  const answer = fetch(event.request);
  event.waitUntil(answer.then((fresh) => seen(place, fresh)).catch(() => {}));
  event.respondWith(inTime(answer).catch(async () => ((await kept("frame")) ? toDoor() : answer)));
}

// Who is asked to come in holds no session: no name of the day stays.
async function seen(place, fresh) {
  if (place === ENTER && fresh.ok) await shut(await kept("list"));
  else await flush();
}

function toDoor(said) {
  return Response.redirect(DOOR + (said ? "?" + said : ""), 303);
}

// Drawn at once from what is here; what is there is asked for beside it.
async function doorPage(event) {
  const frame = await kept("frame").catch(() => null);
  if (!frame) return fetch(event.request);
  event.waitUntil(flush().catch(() => {}).then(keepList).catch(() => {}));
  return drawn(frame, new URL(event.request.url).searchParams);
}

async function drawn(frame, asked) {
  const page = await filled(frame.text, asked);
  return new Response(page, { headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": frame.policy } });
}

// The page's own form: a typed code, or a button of the list.
async function manage(event) {
  const frame = await kept("frame").catch(() => null);
  if (!frame) return fetch(event.request);
  const typed = new URLSearchParams(await event.request.text());
  const [does, code] = (typed.get("fai") || "typed").split(" ");
  const read = readCode(code || typed.get("code") || "");
  const [own, sign] = read.length === 2 * BOOKING ? [read.slice(0, BOOKING), read.slice(BOOKING)] : [read, ""];
  const said = does === "send" ? "" : await wrote(does, own, sign, typed);
  await inTime(flush()).catch(() => {});
  return toDoor(said);
}

// `sign` is what the ticket said behind the code.
async function wrote(does, code, sign, typed) {
  if (!isCode(code)) return "errato";
  try {
    const line = ((await lines()) || []).find((one) => one.code === code);
    const isNew = does === "left"
      ? await note("left", code, line, { delivered: typed.get("fatto-" + code) })
      : await note("arrived", code, line, {});
    const what = line ? "fatto" : (await isOfToday(code, sign)) ? "vero" : "fuori";
    return `${isNew ? what : "prima"}=${code}`;
  } catch (full) {
    return "pieno";
  }
}

// The desk's own list: the server first. Whatever of it says that somebody came is written down where there is no line,
// under the name that this form gives it: should it have arrived all the same, it is done once.
async function press(event, isPage) {
  const typed = new URLSearchParams(await event.request.clone().text());
  const answer = await fetch(event.request).catch(() => null);
  if (answer) return answer;
  const frame = await kept("frame").catch(() => null);
  if (!frame) return Response.error();
  const said = await pressed(typed);
  if (isPage) return toDoor(said);
  return drawn(frame, new URLSearchParams(said));
}

async function pressed(typed) {
  const [does, one] = (typed.get("fai") || "").split(" ");
  if (one && does !== "arrived") return "solo";
  const codes = one ? [one] : typed.getAll("scelti");
  let said = "";
  for (const code of codes) said = await pressedFor(code, typed.get("_key") + (one ? "" : ":" + code));
  return said;
}

async function pressedFor(code, nonce) {
  try {
    const line = ((await lines()) || []).find((one) => one.code === code);
    return `${(await note("arrived", code, line, { nonce })) ? "fatto" : "prima"}=${code}`;
  } catch (full) {
    return "pieno";
  }
}
