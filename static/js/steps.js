// Shows a long form one step at a time, and keeps the numbered strip and the overview true.

/** @returns {{go: (where: "previous" | "next") => void, current: () => HTMLElement}} */
export function startSteps(form) {
  const steps = [...form.querySelectorAll("[data-step]")];
  const numbers = new Map([...document.querySelectorAll("[data-number]")].map((link) => [link.dataset.number, link]));
  const place = document.querySelector("[data-place]");
  const previous = form.querySelector("[data-go=previous]");
  const next = form.querySelector("[data-go=next]");
  const submit = form.querySelector("[data-submit]");
  let at = 0;

  const nameOf = (step) => step.dataset.step;
  const isAnswered = (step) =>
    step.querySelector("[data-prediction]") ? step.querySelector("[data-prediction]").value.trim() !== "" : step.querySelector("input:checked") !== null;

  function show(index) {
    at = Math.max(0, Math.min(index, steps.length - 1));
    steps.forEach((step, i) => step.classList.toggle("is-current", i === at));
    const name = nameOf(steps[at]);
    for (const [key, link] of numbers) {
      if (key === name) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
    }
    const last = at === steps.length - 1;
    previous.disabled = at === 0;
    next.hidden = last;
    submit.hidden = !last;
    place.textContent = placeWords(name);
    history.replaceState(null, "", `#${steps[at].id}`);
    refresh();
    steps[at].focus({ preventScroll: true });
    scrollTo({ top: 0 });
  }

  function placeWords(name) {
    if (name === "du-doan") return place.dataset.predictionWord;
    if (name === "xem-lai") return place.dataset.overviewWord;
    const questions = steps.filter((step) => /^\d+$/.test(nameOf(step))).length;
    return `${place.dataset.word} ${name}/${questions}`;
  }

  function refresh() {
    let missing = 0;
    for (const step of steps) {
      const name = nameOf(step);
      const link = numbers.get(name);
      if (!link || name === "xem-lai") continue;
      const answered = isAnswered(step);
      const flagged = step.querySelector("[data-flag]")?.getAttribute("aria-pressed") === "true";
      if (!answered && name !== "du-doan") missing += 1;
      link.classList.toggle("is-answered", answered);
      link.classList.toggle("is-flagged", flagged);
      const words = [answered ? form.dataset.wordsAnswered : form.dataset.wordsMissing, flagged && form.dataset.wordsFlagged].filter(Boolean);
      link.querySelector("[data-number-state]").textContent = `, ${words.join(", ")}`;
      const line = form.querySelector(`[data-overview-for="${name}"]`);
      line.classList.toggle("is-missing", !answered);
      line.querySelector("[data-overview-state]").textContent = words.join(" · ");
    }
    form.querySelector("[data-overview-words]").textContent =
      missing === 0 ? form.dataset.wordsAll : form.dataset.wordsSome.replace("{n}", missing);
  }

  const indexOf = (hash) => steps.findIndex((step) => `#${step.id}` === hash);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const index = link ? indexOf(link.hash) : -1;
    if (index < 0) return;
    event.preventDefault();
    show(index);
  });
  previous.addEventListener("click", () => show(at - 1));
  next.addEventListener("click", () => show(at + 1));
  form.addEventListener("input", refresh);
  form.addEventListener("paper:refresh", refresh);

  form.classList.add("js-steps");
  document.documentElement.classList.add("has-js-steps");
  // The browser would scroll to the step named in the address, past the numbers above it.
  history.scrollRestoration = "manual";
  addEventListener("load", () => scrollTo({ top: 0 }), { once: true });
  // Who hears the page is taken to the question at once, past the twelve numbers: the clock runs.
  show(Math.max(0, indexOf(location.hash)));
  return { go: (where) => show(where === "next" ? at + 1 : at - 1), current: () => steps[at] };
}
