// <button type="button" data-copy="ID" disabled>: copies that field's text where the browser lets us, and says so.
(function () {
  document.querySelectorAll("[data-copy]").forEach((button) => {
    const field = document.getElementById(button.dataset.copy);
    if (!field || !navigator.clipboard) return;
    button.disabled = false;
    button.addEventListener("click", () => navigator.clipboard.writeText(field.value).then(() => {
      document.getElementById("status").textContent = button.dataset.done;
    }, () => field.select()));
  });
})();
