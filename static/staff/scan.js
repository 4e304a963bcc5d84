// <button data-scan="ADDRESS" data-refused="WORDS" disabled>: switched on where there is a camera; the field beside it always
// works. At ADDRESS is a library for browsers that read no codes themselves.
(function () {
  const button = document.querySelector("[data-scan]:disabled");
  const camera = navigator.mediaDevices;
  if (!button || !camera || !camera.enumerateDevices) return;
  const EVERY = 250; // ms
  let view = null, opening = null;

  async function readsCodes() {
    return "BarcodeDetector" in window && (await BarcodeDetector.getSupportedFormats()).includes("qr_code");
  }

  function library() {
    return new Promise((onload, onerror) => {
      document.head.append(Object.assign(document.createElement("script"), { src: button.dataset.scan, onload, onerror }));
    });
  }

  function stop() {
    view.srcObject.getTracks().forEach((track) => track.stop());
    view.remove();
    view = null;
  }

  async function look(reader) {
    if (!view) return;
    const found = await reader.detect(view).catch(() => []);
    const code = found.map((one) => one.rawValue).find((text) => /^([0-9A-Z]{8}){1,2}$/i.test(text));
    if (!code || !view) return setTimeout(look, EVERY, reader);
    stop();
    button.form.elements.code.value = code;
    button.form.querySelector("button:not([type])").click();
  }

  async function start() {
    const stream = await camera.getUserMedia({ video: { facingMode: "environment" } });
    view = Object.assign(document.createElement("video"), { srcObject: stream, muted: true, playsInline: true });
    view.setAttribute("aria-label", button.textContent);
    button.closest("div").after(view);
    view.play().catch(() => {});
    if (!(await readsCodes())) await library();
    look(new BarcodeDetector({ formats: ["qr_code"] }));
  }

  function refuse() {
    if (view) stop();
    const notice = Object.assign(document.createElement("p"), { className: "notice", textContent: button.dataset.refused });
    document.getElementById("status").replaceChildren(notice);
    button.form.elements.code.focus();
  }

  button.addEventListener("click", () => {
    if (opening) return;
    if (view) return stop();
    opening = start().catch(refuse).then(() => (opening = null));
  });
  camera.enumerateDevices().then((all) => {
    button.disabled = !all.some((one) => one.kind === "videoinput");
  }).catch(() => {});
})();
