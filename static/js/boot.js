// Starts what this device can use. Every page works without it.
(function () {
  const page = document;
  const boot = page.currentScript;
  const line = navigator.connection || {};
  const started = new Set();

  function start(address) {
    if (started.has(address)) return;
    started.add(address);
    const script = page.createElement("script");
    script.src = address;
    page.head.appendChild(script);
  }

  function behave() {
    page.querySelectorAll("[data-behaviour]").forEach((one) => start(one.dataset.behaviour));
  }

  const isSlow = line.saveData || /2g/.test(line.effectiveType || "");
  const isOld = !("at" in Array.prototype); // htmx needs private methods, about as young

  if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(() => {});
  behave();
  addEventListener("load", () => isSlow || isOld || start(boot.dataset.htmx));
  page.addEventListener("htmx:after:swap", behave);
})();
