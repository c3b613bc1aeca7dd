// [data-reveals="id"]: a button that shows and hides what was typed in a password field.
// It is `hidden` in the page, because without a script it would do nothing.

const prepare = (root) => {
  for (const button of root.querySelectorAll("[data-reveals][hidden]")) button.hidden = false;
};

const show = (button, visible) => {
  const field = document.getElementById(button.dataset.reveals);
  if (!field) return;
  field.type = visible ? "text" : "password";
  button.setAttribute("aria-pressed", String(visible));
  button.textContent = visible ? button.dataset.hideWord : button.dataset.showWord;
};

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-reveals]");
  if (button) show(button, button.getAttribute("aria-pressed") !== "true");
});

// Browsers offer to remember a password only from a field of that type.
document.addEventListener("submit", (event) => {
  for (const button of event.target.querySelectorAll("[data-reveals]")) show(button, false);
});

document.addEventListener("htmx:after:swap", () => prepare(document));
prepare(document);
