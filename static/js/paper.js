// Puts the behaviours of an official paper together. Each of them works alone; the form works without any.
import { startAutosave } from "./autosave.js";
import { startCountdown } from "./countdown.js";
import { startFlags } from "./flags.js";
import { startHotkeys } from "./hotkeys.js";
import { startSteps } from "./steps.js";
import { startSubmit } from "./submit-paper.js";

for (const form of document.querySelectorAll("[data-quiz]")) {
  const steps = startSteps(form);
  const autosave = startAutosave(form);
  startFlags(form, autosave);
  startHotkeys(form, steps);
  const countdown = startCountdown(form);
  startSubmit(form, autosave, countdown);
  autosave.onSaved((leftMs) => countdown.correct(leftMs));
}
