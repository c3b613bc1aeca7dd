// [data-error-summary]: after a refused form, focus goes to the list of what to correct,
// so that a screen reader starts there and the list is in sight.

document.querySelector("[data-error-summary]")?.focus();
