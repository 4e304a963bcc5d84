// A card's QR holds its code after the '#', which never reaches a server: here it is typed for the person.
(function () {
  const field = document.getElementById("card");
  const code = location.hash.slice(1);
  if (!field || field.value || !/^[0-9A-Z]{10}$/i.test(code)) return;
  field.value = code;
  history.replaceState(null, "", location.pathname + location.search);
  document.getElementById("pin").focus();
})();
