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
  const isOld = !("at" in Array.prototype); // htmx needs newer words
  const isUsed = page.querySelector("[data-hx-get],[data-hx-post]");

  behave();
  page.addEventListener("htmx:after:swap", behave);
  addEventListener("load", () => {
    if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(() => {});
    isUsed && !isSlow && !isOld && start(boot.dataset.htmx);
  });
})();
