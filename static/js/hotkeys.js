// Keys on a paper: 1-9 and A-F choose, ← and → change the question. Never while text is typed, and
// letters only while the focus is within the paper: who speaks to the computer types elsewhere too
// (WCAG 2.1.4).

export function startHotkeys(form, steps) {
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.matches("input[type=text], textarea, select")) return;
    if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
      event.preventDefault();
      steps.go(event.key === "ArrowRight" ? "next" : "previous");
      return;
    }
    const index = form.contains(event.target) ? choiceOf(event.key) : -1;
    const choice = index < 0 ? null : steps.current().querySelectorAll(".choice input")[index];
    if (!choice) return;
    event.preventDefault();
    choice.focus();
    // A real click: the browser itself ticks, unticks and tells everybody.
    choice.click();
  });
}

function choiceOf(key) {
  if (/^[1-9]$/.test(key)) return Number(key) - 1;
  return /^[a-f]$/i.test(key) ? "abcdef".indexOf(key.toLowerCase()) : -1;
}
