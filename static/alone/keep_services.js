// Pages of services, kept on this phone when somebody asks: one after the other; it can be stopped and taken away.
(function () {
  const box = document.getElementById("tieni");
  if (!box) return;
  const said = document.getElementById("status");
  if (!self.caches || !navigator.serviceWorker) {
    said.textContent = box.dataset.cannot;
    return;
  }
  const bar = box.querySelector("progress");
  const [start, stop, away] = box.querySelectorAll("button");
  const pages = box.dataset.pages.split(" ");
  let isStopped = false;

  function show(isBusy) {
    start.hidden = isBusy;
    stop.hidden = bar.hidden = bar.previousElementSibling.hidden = !isBusy;
    caches.has("kept").then((isKept) => (away.hidden = isBusy || !isKept));
  }

  function tell(what, number) {
    said.textContent = box.dataset[what].replace("%s", number);
    show(false);
  }

  async function fetched(address) {
    try {
      return await fetch(address, { headers: { accept: "text/html" }, credentials: "omit" });
    } catch (lineIsDown) {
      return null;
    }
  }

  // As the worker keeps a page that was seen: with the moment in which it was true.
  async function keep(cache, address, answer) {
    const headers = new Headers(answer.headers);
    headers.set("seen", Date.now());
    headers.delete("vary");
    await cache.put(address, new Response(await answer.blob(), { headers }));
  }

  async function keepAll() {
    isStopped = false;
    show(true);
    said.textContent = "";
    const cache = await caches.open("kept");
    for (let number = 0; number < pages.length; number++) {
      if (isStopped) return tell("stopped", number);
      bar.value = number;
      const answer = await fetched(pages[number]);
      if (!answer) return tell("cut", number);
      if (answer.ok) await keep(cache, pages[number], answer);
    }
    tell("done", pages.length);
  }

  start.disabled = false;
  start.addEventListener("click", () => keepAll().catch(() => tell("full", bar.value)));
  stop.addEventListener("click", () => (isStopped = true));
  away.addEventListener("click", () => caches.delete("kept").then(() => tell("away")));
  show(false);
})();
