// <button data-scan disabled>: switched on where the browser reads codes itself; the field beside it always works.
(function () {
  const button = document.querySelector("[data-scan]:disabled");
  if (!button || !("BarcodeDetector" in window) || !navigator.mediaDevices) return;
  const reader = new BarcodeDetector({ formats: ["qr_code"] });
  const EVERY = 250; // ms
  let view = null;

  function stop() {
    view.srcObject.getTracks().forEach((track) => track.stop());
    view.remove();
    view = null;
  }

  async function look() {
    if (!view) return;
    const found = await reader.detect(view).catch(() => []);
    const code = found.map((one) => one.rawValue).find((text) => /^([0-9A-Z]{8}){1,2}$/i.test(text));
    if (!code || !view) return setTimeout(look, EVERY);
    stop();
    button.form.elements.code.value = code;
    button.form.querySelector("button:not([type])").click();
  }

  button.disabled = false;
  button.addEventListener("click", async () => {
    if (view) return stop();
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }).catch(() => null);
    if (!stream) return;
    view = Object.assign(document.createElement("video"), { srcObject: stream, muted: true, playsInline: true });
    view.setAttribute("aria-label", button.textContent);
    button.closest("div").after(view);
    view.play().catch(() => {});
    look();
  });
})();
