// The page of what waits on this phone, in the frame and words of the offline page.
function boxOf(address) {
  return location.origin + offlineOf(address).replace("senza-rete", "da-inviare");
}

// `leaving` is the form by which somebody signs out: they are asked first.
async function boxPage(address, leaving) {
  const { said, frame, language, policy } = await wordsOf(offlineOf(address));
  if (!frame) return fetch(address); // nothing of ours is kept here any more
  const [title, intro, none, enter, now, asks, anyway] = said.slice(5);
  const all = await mine().catch(() => []);
  const rows = all.map((form) => card(form, said.slice(12), language)).join("");
  const others = (await whose()) || all.length ? [] : await everybodys().catch(() => []);
  const empty = others.length ? `<a href="${door(others[0].address)}">${enter}</a>` : none;
  const out = leaving === undefined ? "" : `<p>${asks}</p>` + button(address, leaving + "&_lose=1", anyway, " second");
  const send = all.length ? button(boxOf(address), "", now, "") : "";
  const main = `<h1>${title}</h1><p>${all.length ? intro : empty}</p><ul class="cards">${rows}</ul>${send}${out}`;
  const page = frame.replace(/<title>[^<·]*/, `<title>${title} `).replace(/<h1>[^]*?(?=<template>)/, () => main);
  return drawn(page, policy);
}

function drawn(page, policy) {
  return new Response(page, { headers: { "content-type": "text/html", "content-security-policy": policy } });
}

// A form that could neither wait here nor be answered: Back has what was typed.
async function unsent(address) {
  const { said, frame, policy } = await wordsOf(offlineOf(address));
  return frame ? drawn(frame.replace("</h1>", `$&<p class="notice">${said[19]}</p>`), policy) : Response.error();
}

function door(address) {
  return new URL(address).pathname.replace(/^((?:\/en)?\/[^/]+).*/, "$1/entra");
}

function card(form, said, language) {
  const [waiting, gone, done, yours, look, open, away] = said;
  const at = new Date(form.at).toLocaleString(language, { weekday: "long", hour: "2-digit", minute: "2-digit" });
  const state = { [WAITING]: waiting, [GONE]: gone, [DONE]: done, [YOURS]: yours }[form.state];
  const key = "_key=" + encodeURIComponent(form.key);
  const next = form.state === DONE ? `<p><a class="button second small" href="${clean(form.place)}">${look}</a></p>` : "";
  const mend = form.state === YOURS ? button(form.address, form.body, open, " small") : "";
  const drop = form.state === GONE ? "" : button(boxOf(form.address), key, away, " second small");
  return `<li class="card"><h2>${clean(form.says || "")}</h2><p>${at}. ${state}</p>${next}${mend}${drop}</li>`;
}

// A form of its own, with what was typed.
function button(address, body, words, kind) {
  const hidden = ([name, value]) => `<input type="hidden" name="${clean(name)}" value="${clean(value)}">`;
  const typed = [...new URLSearchParams(body)].map(hidden).join("");
  return `<form method="post" action="${clean(address)}">${typed}<p><button class="button${kind}">${words}</button></p></form>`;
}

function clean(text) {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

// What its buttons do: one is taken away, or all are sent now.
async function manage(request) {
  const key = new URLSearchParams(await request.text()).get("_key");
  await (key ? erase(key) : flush()).catch(() => {});
  return Response.redirect(request.url, 303);
}
