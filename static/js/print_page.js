// <button type="button" data-print hidden>: shown only where it can work.
(function () {
  function show() {
    document.querySelectorAll("[data-print][hidden]").forEach((button) => {
      button.hidden = false;
      button.addEventListener("click", () => window.print());
    });
  }

  show();
  document.addEventListener("htmx:after:swap", show);
})();
