// [data-print]: a button that opens the print dialog; `hidden` in the page until this runs.

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
