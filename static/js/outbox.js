// What waits on this phone is sent by the worker: a page wakes it up, names its forms, and says what became of them.
(function () {
  const worker = navigator.serviceWorker;
  if (!worker) return;

  function wake() {
    if (!document.hidden && worker.controller) worker.controller.postMessage("");
  }

  function name(event) {
    const isNamed = !event.target.matches("main [method=post]") || event.formData.has("_says");
    if (!isNamed) event.formData.set("_says", document.querySelector("h1").textContent);
  }

  function tell(event) {
    const link = Object.assign(document.createElement("a"), { href: event.data.address, textContent: event.data.link });
    const notice = Object.assign(document.createElement("p"), { className: "notice", textContent: event.data.said + " " });
    notice.append(link);
    document.getElementById("status").replaceChildren(notice);
  }

  // The line is often said to be there a moment before it is.
  addEventListener("online", () => [0, 3e3, 2e4].forEach((later) => setTimeout(wake, later)));
  document.addEventListener("visibilitychange", wake);
  document.addEventListener("formdata", name);
  worker.addEventListener("message", tell);
  worker.startMessages();
})();
