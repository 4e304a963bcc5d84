// A form and the page it leads to in one journey of the line: the server follows its own redirect, see one_trip.py.
const FRESH = 10000; // ms
const handed = new Map();

function send(event) {
  const request = event.request;
  const kind = request.headers.get("content-type") || "";
  // What another site sends must not arrive in our name: our pages say where they are, and nobody else can say it.
  const isOurs = request.referrer.startsWith(location.origin + "/");
  if (ENDS.test(new URL(request.url).pathname)) {
    handed.clear();
    if (isOurs) event.respondWith(leave(event));
    else event.waitUntil(forgetOthers("none"));
  } else if (isOurs && request.url === boxOf(request.url)) {
    event.respondWith(manage(request));
  } else if (isOurs && kind.startsWith("application/x-www-form-urlencoded")) {
    event.respondWith(sent(event, kind).catch(() => unsent(request.url)));
  }
}

async function sent(event, kind) {
  const { url } = event.request;
  const body = await event.request.text();
  const form = await remember(url, kind, body).catch(() => null); // a full storage stops nothing
  const began = Date.now();
  const headers = { "content-type": kind, prefer: "return=representation" };
  const asking = fetch(url, { method: "POST", headers, body, redirect: "manual" });
  if (!form) return arrived(event, await asking, began);
  const answer = await inTime(asking).catch(() => null);
  if (answer && answer.headers.get("own") !== "none") {
    event.waitUntil(erase(form.key).catch(() => {}));
    return arrived(event, answer, began);
  }
  const settled = asking.then((late) => settle(form, late), () => wait(form)).catch(() => {});
  event.waitUntil(settled);
  if (answer) await settled; // the page of what waits says who it waits for
  return Response.redirect(boxOf(url), 303);
}

function arrived(event, answer, began) {
  const place = answer.headers.get("content-location");
  if (!place) return answer;
  const address = new URL(place, event.request.url).href;
  event.waitUntil(note(address, answer.clone(), began).catch(() => {}));
  handed.set(address, new Response(answer.body, answer)); // which stands at no address yet
  setTimeout(() => handed.delete(address), FRESH);
  return Response.redirect(address, 303);
}

// Who signs out is told first of what would be lost; without a line, too, nothing of them stays.
async function leave(event) {
  const request = event.request;
  const body = await request.clone().text();
  const left = await mine().catch(() => []);
  if (left.some((form) => form.state !== DONE) && !/_lose=/.test(body)) return boxPage(request.url, body);
  await Promise.all(left.map((form) => erase(form.key).catch(() => {})));
  await everybodys().then((rest) => rest.length || navigator.storageBuckets.delete("vicino")).catch(() => {});
  await forgetOthers("none").catch(() => {});
  if (registration.getNotifications) await registration.getNotifications().then((all) => all.forEach((one) => one.close())).catch(() => {});
  // Whole pages that the browser keeps for Back go when a cookie changes; without a line the session's does not.
  if (self.cookieStore) await cookieStore.set({ name: "left", value: "", expires: Date.now() + FRESH }).catch(() => {});
  return fetch(request).catch(() => shown(request.url, Promise.reject()));
}

// Once, and at once: later the page is asked for again.
function handedOver(address) {
  const one = handed.get(address);
  handed.delete(address);
  return one;
}
