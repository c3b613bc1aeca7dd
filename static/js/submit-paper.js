// Submitting: first everything that waits is sent, then the form goes as it would without a script.
// Offline it waits and goes by itself; at the end of the time it leaves for the receipt.
import { leave } from "./autosave.js";

// Everybody's time may end in the same second; they need not all ask for the receipt in it.
const SPREAD_MS = 4000;

export function startSubmit(form, autosave, countdown) {
  const button = form.querySelector("[data-submit]");
  let wanted = false;
  let over = false;

  form.addEventListener("submit", async (event) => {
    if (event.submitter?.value === "save") return;
    event.preventDefault();
    if (wanted) return;
    wanted = true;
    button.disabled = true;
    await tryToSend();
  });
  async function tryToSend() {
    autosave.say("saving", form.dataset.wordsSubmitting);
    const outcome = await autosave.flush();
    if (over) return;
    if (outcome === "refused") {
      // The words in the bar say what to do first: sign in again, or look at a question again.
      wanted = false;
      button.disabled = false;
      return;
    }
    if (outcome === "unreachable" || !(await isReachable())) {
      autosave.say("offline", form.dataset.wordsWait);
      setTimeout(() => !over && tryToSend(), 2000 + Math.random() * 3000);
      return;
    }
    form.setAttribute("data-leaving", "");
    autosave.clear();
    const intent = document.createElement("input");
    intent.type = "hidden";
    intent.name = "intent";
    intent.value = "submit";
    form.append(intent);
    form.submit();
  }

  countdown.onOver(async () => {
    over = true;
    for (const control of form.querySelectorAll("fieldset, [data-prediction], [data-go], [data-submit]")) control.disabled = true;
    autosave.flush();
    setTimeout(() => leave(form), countdown.graceMs + 1500 + Math.random() * SPREAD_MS);
  });
}

// A form that is sent into the void leaves the browser's error page where the paper was.
async function isReachable() {
  try {
    return (await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(8000) })).ok;
  } catch {
    return false;
  }
}
