// The desk's worker is registered where the day's list is open, and gets its key from that page alone.
(function () {
  const worker = navigator.serviceWorker;
  const told = document.currentScript.dataset;
  if (!worker || !window.crypto || !crypto.subtle) return;
  const scope = new URL(told.scope, location.href).href;

  function working(made) {
    const coming = made.installing || made.waiting;
    if (made.active || !coming) return made.active;
    return new Promise((done) => coming.addEventListener("statechange", () => made.active && done(made.active)));
  }

  async function arm() {
    const place = document.querySelector("[data-key][data-list]");
    if (!place) return;
    const made = await worker.register(told.worker, { scope: told.scope, updateViaCache: "all" });
    (await working(made)).postMessage({ ...place.dataset });
    place.removeAttribute("data-key");
    place.removeAttribute("data-tickets");
  }

  // The citizens' worker has the longer life and the shorter scope: it is not asked.
  async function own() {
    const found = await worker.getRegistration(told.scope);
    return found && found.scope === scope ? found.active : null;
  }

  function asked(one, sure) {
    const line = new MessageChannel();
    one.postMessage({ leaving: true, sure }, [line.port2]);
    return new Promise((done) => {
      line.port1.onmessage = (event) => done(event.data);
      setTimeout(done, 2000);
    });
  }

  // Who closes is told first of what has not left; pressed again, they have been told.
  async function close(form) {
    const one = await own().catch(() => null);
    const isTold = /[?&]esci/.test(location.search);
    const left = one ? await asked(one, isTold) : 0;
    if (left && !isTold) location.assign(told.door + "?esci");
    else form.submit();
  }

  document.addEventListener("submit", (event) => {
    if (event.target.getAttribute("action") !== told.end) return;
    event.preventDefault();
    close(event.target);
  });
  document.addEventListener("htmx:after:swap", () => arm().catch(() => {}));
  arm().catch(() => {});
})();
