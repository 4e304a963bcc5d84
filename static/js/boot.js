// What this device can use: pages work without.
(function () {
  const page = document;
  const boot = page.currentScript;
  const line = navigator.connection || {};
  const started = new Set();

  function start(address) {
    if (started.has(address)) return;
    started.add(address);
    page.head.appendChild(page.createElement("script")).src = address;
  }

  function behave() {
    const not = location.hash ? "" : ":not([data-hash])";
    page.querySelectorAll("[data-behaviour]" + not).forEach((one) => start(one.dataset.behaviour));
  }

  const isSlow = line.saveData || /2g/.test(line.effectiveType || "");
  const isOld = !("at" in Array.prototype); // for htmx
  const isUsed = page.querySelector("[data-hx-get],[data-hx-post]");

  behave();
  page.addEventListener("htmx:after:swap", behave);
  addEventListener("load", () => {
    if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(() => {});
    isUsed && !isSlow && !isOld && start(boot.dataset.htmx);
  });
})();
