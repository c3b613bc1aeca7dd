// The mark "look at this again". It decides nothing, so it is told to the server without ado.

export function startFlags(form) {
  form.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-flag]");
    if (!button) return;
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(on));
    form.dispatchEvent(new Event("paper:refresh"));
    try {
      await fetch(form.dataset.flagsTo, {
        method: "POST",
        headers: { "x-requested-by": "script" },
        body: new URLSearchParams({
          csrf_token: form.elements.csrf_token.value,
          position: button.dataset.flag,
          on: on ? "1" : "0",
        }),
      });
    } catch {
      // Offline: the mark stands on this page, and that is what it is for.
    }
  });
}
