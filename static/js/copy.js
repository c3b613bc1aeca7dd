// [data-copies="id"]: copies the text of that element and says so in the [role=status] beside it.
// The button is `hidden` in the page; the code itself can always be selected by hand.

const prepare = () => {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copies][hidden]")) button.hidden = false;
};

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copies]");
  const source = button && document.getElementById(button.dataset.copies);
  if (!source) return;
  const status = button.parentElement.querySelector("[role=status]");
  let word = button.dataset.doneWord;
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
  } catch {
    getSelection().selectAllChildren(source);
    word = button.dataset.failedWord;
  }
  if (status) status.textContent = word;
});

document.addEventListener("htmx:after:swap", prepare);
prepare();
