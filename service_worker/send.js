// A form and the page it leads to in one journey of the line: the server follows its own redirect, see one_trip.py.
const FRESH = 10000; // ms
const handed = new Map();

function send(event) {
  const request = event.request;
  const kind = request.headers.get("content-type") || "";
  // What another site sends must not arrive in our name: our pages say where they are, and nobody else can say it.
  const isOurs = request.referrer.startsWith(self.location.origin + "/");
  if (ENDS.test(new URL(request.url).pathname)) {
    handed.clear();
    event.waitUntil(forgetOthers("none")); // also where the line is gone
  } else if (isOurs && kind.startsWith("application/x-www-form-urlencoded")) {
    event.respondWith(sent(event, kind).catch(() => shown(request.url, Promise.reject())));
  }
}

async function sent(event, kind) {
  const request = event.request;
  const began = Date.now();
  const answer = await fetch(request.url, {
    method: "POST",
    headers: { "content-type": kind, prefer: "return=representation" },
    body: await request.text(),
    redirect: "manual",
  });
  const place = answer.headers.get("content-location");
  if (!place) return answer;
  const address = new URL(place, request.url).href;
  event.waitUntil(note(address, answer.clone(), began).catch(() => {}));
  handed.set(address, new Response(answer.body, answer)); // which stands at no address yet
  setTimeout(() => handed.delete(address), FRESH);
  return Response.redirect(address, 303);
}

// Once, and at once: later the page is asked for again.
function handedOver(address) {
  const one = handed.get(address);
  handed.delete(address);
  return one;
}
