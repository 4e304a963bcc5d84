// <button type="button" data-behaviour="(this file)" data-copy="K7M2P" data-copied="Copiato" hidden>
(function () {
  function tell(words) {
    document.getElementById("status").textContent = words;
  }

  function show() {
    if (!navigator.clipboard) return;
    document.querySelectorAll("[data-copy][hidden]").forEach((button) => {
      button.hidden = false;
      button.addEventListener("click", () =>
        navigator.clipboard.writeText(button.dataset.copy).then(() => tell(button.dataset.copied))
      );
    });
  }

  show();
  document.addEventListener("htmx:after:swap", show);
})();
