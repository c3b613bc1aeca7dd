// form[data-once]: an impatient second press sends nothing, and the button says that it works.
// The server is idempotent anyway; this only spares people the wait and the doubt.

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]") || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  const button = event.submitter ?? form.querySelector("[type=submit]");
  if (!button) return;
  button.setAttribute("aria-busy", "true");
  if (button.dataset.busyWord) {
    button.dataset.word = button.textContent;
    button.textContent = button.dataset.busyWord;
  }
});

// Coming back with the Back button restores the page as it was left: make it usable again.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-busy]")) {
      button.removeAttribute("aria-busy");
      if (button.dataset.word) button.textContent = button.dataset.word;
    }
  }
});
