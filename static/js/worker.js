// The worker comes after the page, and after the dictionary that its own pages are packed with. A page of parts comes alone.
(function () {
  const worker = navigator.serviceWorker;
  const shell = document.querySelector("[rel=compression-dictionary]");
  const keep = () => worker.register("/sw.js", { updateViaCache: "all" }).catch(() => {});

  addEventListener("load", () => {
    if (!worker || document.querySelector("[data-hx-get],[data-hx-post]")) return;
    const isHere = worker.controller || performance.getEntriesByName(shell.href)[0];
    shell.onload = keep;
    setTimeout(keep, isHere || !shell.relList.supports(shell.rel) ? 0 : 5000); // a browser may not want it
  });
})();
