// Keys on a practice question: 1-9 and A-F choose, Enter answers, and Enter again goes on. Letters
// only while the focus is within the question (WCAG 2.1.4).

const page = document.querySelector("[data-practice]");
const choices = page.querySelectorAll(".choice input");

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Enter") {
    // A link or button that has the focus answers by itself.
    if (event.target.closest("a, button, summary")) return;
    const next = page.querySelector("[data-next]");
    const form = page.querySelector("form");
    event.preventDefault();
    if (next) next.click();
    else form?.requestSubmit();
    return;
  }
  if (!page.contains(event.target)) return;
  const index = /^[1-9]$/.test(event.key)
    ? Number(event.key) - 1
    : /^[a-f]$/i.test(event.key) ? "abcdef".indexOf(event.key.toLowerCase()) : -1;
  if (!choices[index]) return;
  event.preventDefault();
  choices[index].focus();
  choices[index].click();
});
