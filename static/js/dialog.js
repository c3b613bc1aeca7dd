// [data-opens="id"]: opens that <dialog> instead of following the link or sending the form.
// [data-closes] inside a dialog closes it. Without this script the link leads to a page
// that asks the same question.

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-opens]");
  const dialog = opener && document.getElementById(opener.dataset.opens);
  if (dialog?.showModal) {
    event.preventDefault();
    dialog.showModal();
    return;
  }
  event.target.closest?.("[data-closes]")?.closest("dialog")?.close();
});
