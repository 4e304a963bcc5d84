// <button type="button" data-print disabled>: shown only where it can work.
(function () {
  function show() {
    document.querySelectorAll("[data-print]:disabled").forEach((button) => {
      button.disabled = false;
      button.addEventListener("click", () => window.print());
    });
  }

  show();
  document.addEventListener("htmx:after:swap", show);
})();
