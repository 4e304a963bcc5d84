// What this device can use: pages work without.
(function () {
  const page = document;
  const told = page.currentScript.dataset;
  const line = navigator.connection || {};

  function add(kind, parts) {
    page.head.appendChild(Object.assign(page.createElement(kind), parts));
  }

  const isSlow = line.saveData || /2g/.test(line.effectiveType || "");
  const isOld = !("at" in Array.prototype); // for htmx
  const isUsed = page.querySelector("[data-hx-get],[data-hx-post]");
  const isAlone = !page.createElement("link").relList.supports("compression-dictionary");

  addEventListener("load", () => {
    const worker = navigator.serviceWorker;
    worker && worker.register("/sw.js", { updateViaCache: "all" }).catch(() => {});
    isUsed && !isSlow && !isOld && add("script", { src: told.htmx });
    // The next page only names the sheet that this one brought.
    isAlone && page.querySelector("style") && add("link", { rel: "stylesheet", media: "not all", href: told.sheet });
  });
})();
