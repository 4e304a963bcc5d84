// <button type="button" data-push="(address)" data-key="..." data-done="..." data-failed="..." hidden>
(function () {
  const PATIENCE = 10000; // some browsers never answer when their push service is out of reach

  function tell(words) {
    document.getElementById("status").textContent = words;
  }

  function inTime(promise) {
    return Promise.race([promise, new Promise((_, reject) => setTimeout(reject, PATIENCE))]);
  }

  async function subscribe(address, key) {
    const worker = await inTime(navigator.serviceWorker.ready);
    const old = await worker.pushManager.getSubscription();
    if (old) await old.unsubscribe(); // it may be bound to another key
    const made = (await inTime(
      worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })
    )).toJSON();
    const body = new URLSearchParams({ endpoint: made.endpoint, p256dh: made.keys.p256dh, auth: made.keys.auth });
    const answer = await fetch(address, { method: "POST", body });
    if (answer.status !== 204) throw new Error(answer.status);
  }

  function press(event) {
    const button = event.currentTarget;
    button.hidden = true;
    subscribe(button.dataset.push, button.dataset.key).then(() => tell(button.dataset.done), () => tell(button.dataset.failed));
  }

  function show() {
    if (!("PushManager" in window) || Notification.permission === "denied") return;
    document.querySelectorAll("[data-push][hidden]:not([data-shown])").forEach((button) => {
      button.dataset.shown = "";
      button.hidden = false;
      button.addEventListener("click", press);
    });
  }

  show();
  document.addEventListener("htmx:after:swap", show);
})();
