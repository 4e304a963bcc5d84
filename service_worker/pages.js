// Pages that were seen, for reading without a line. What may be kept is said by the server in headers.
const PATIENCE = 8000; // ms: on 2G a page is there by then
const MOST = 40; // pages in each cache
const OLDEST = 2592e6; // ms: 30 days
const ENDS = new RegExp("__ENDS__");
let forgottenAt = 0;

// The line first; without one, or where it takes too long, the page as it was.
function visit(event) {
  const address = event.request.url;
  if (address === boxOf(address)) return event.respondWith(boxPage(address), event.waitUntil(flush()));
  const brought = handedOver(address);
  if (brought) return event.respondWith(brought, event.waitUntil(flush()));
  const began = Date.now();
  const answer = fetch(event.request);
  event.waitUntil(answer.then((fresh) => note(address, fresh.clone(), began)).then(flush).catch(() => {}));
  event.waitUntil(keepOffline(address).catch(() => {}));
  event.respondWith(inTime(answer).catch(() => shown(address, answer)));
}

function inTime(answer) {
  return Promise.race([answer, new Promise((_, giveUp) => setTimeout(giveUp, PATIENCE))]);
}

async function shown(address, answer) {
  const kept = await caches.match(address).catch(() => null);
  if (kept && Date.now() - kept.headers.get("seen") < OLDEST) return dated(kept, await wordsOf(offlineOf(address)));
  if (kept) await remove(address);
  return answer.catch(async () => (await caches.match(offlineOf(address))) || Response.error());
}

// The same page with one line on top that says when it was true. One that only names the first sheet brings it now.
async function dated(kept, words) {
  const at = new Date(+kept.headers.get("seen"));
  const [today, before] = words.said;
  const said = at.toDateString() === new Date().toDateString()
    ? today.replace("%s", at.toLocaleTimeString(words.language, { hour: "2-digit", minute: "2-digit" }))
    : before.replace("%s", at.toLocaleDateString(words.language, { weekday: "long", day: "numeric", month: "long" }));
  const page = (await kept.text())
    .replace(/<link[^>]*critical[^>]*>/, words.style)
    .replace(/<div role="status"[^>]*>/, "$&<p class=notice>" + said + "</p>");
  return new Response(page, { headers: kept.headers });
}

async function note(address, answer, began) {
  const said = (name) => answer.headers.get(name) || "";
  if (said("own")) await forgetOthers(said("own"));
  if (isSomebody(said("own")) && began >= forgottenAt) await caches.open(OWN + said("own"));
  if ([403, 404, 410].includes(answer.status)) await remove(address);
  const name = placeOf(address, answer, said);
  if (!name || began < forgottenAt) return;
  const headers = new Headers(answer.headers);
  headers.set("seen", Date.now());
  headers.delete("vary"); // the rest speaks of a journey that is over
  const cache = await caches.open(name);
  await cache.delete(address);
  await cache.put(address, new Response(await answer.blob(), { headers }));
  await trim(cache, -MOST);
}

// "" for what is not kept: a refusal, a form, words that somebody typed.
function placeOf(address, answer, said) {
  if (answer.status !== 200 || !said("content-type").startsWith("text/html")) return "";
  const kind = said("cache-control");
  if (kind.startsWith("private") && said("keep") && isSomebody(said("own"))) return OWN + said("own");
  return kind.startsWith("public") && (said("keep") || !address.includes("?")) ? PUBLIC : "";
}

function isSomebody(own) {
  return /^[0-9a-f]+$/.test(own);
}

// The oldest go; without `last` all of them.
async function trim(cache, last) {
  await Promise.all((await cache.keys()).slice(0, last).map((one) => cache.delete(one)));
}

async function remove(address) {
  await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).delete(address)));
}

// Only what belongs to `whose` stays; "none" is nobody. What was under way for somebody else is not kept either.
async function forgetOthers(whose) {
  if (whose === "none") forgottenAt = Date.now();
  await drop((name) => name.startsWith(OWN) && name !== OWN + whose);
}

// From what the browser holds, and never from the line.
async function keepHeld(address) {
  try {
    await note(address, await fetch(new Request(address, { cache: "only-if-cached", mode: "same-origin" })), Date.now());
  } catch (notHeld) {
    // It is kept when it is seen again.
  }
}
