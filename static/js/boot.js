// What this device can use: pages work without.
{
  const page = document;
  const told = page.currentScript.dataset;
  const line = navigator.connection || {};
  const add = (kind, parts) => page.head.appendChild(Object.assign(page.createElement(kind), parts));
  const isPoor = line.saveData || /2g/.test(line.effectiveType) || !("at" in Array.prototype); // for htmx
  const isAlone = !page.createElement("link").relList.supports("compression-dictionary");

  addEventListener("load", () => {
    isPoor || !page.querySelector("[data-hx-get],[data-hx-post]") || add("script", { src: told.htmx });
    // The next page only names it.
    isAlone && page.querySelector("style") && add("link", { rel: "stylesheet", media: "not all", href: told.sheet });
  });
}
