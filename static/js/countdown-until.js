// [data-until]: counts days, hours and minutes down to a moment, by the server's clock.
// data-until and data-now are ISO times; data-now is when the server wrote the page.
// Without this script the numbers the server wrote stay where they are.

const MINUTE = 60_000;
const startedAt = performance.now();

// performance.now() keeps running evenly when someone sets the phone's clock.
const left = (box) =>
  Date.parse(box.dataset.until) - Date.parse(box.dataset.now) - (performance.now() - startedAt);

const draw = (box) => {
  const minutes = Math.max(0, Math.floor(left(box) / MINUTE));
  const parts = { days: Math.floor(minutes / 1440), hours: Math.floor(minutes / 60) % 24, minutes: minutes % 60 };
  for (const [name, value] of Object.entries(parts)) {
    const place = box.querySelector(`[data-part="${name}"]`);
    if (place) place.textContent = String(value).padStart(2, "0");
  }
  return minutes > 0;
};

const tick = () => {
  let running = false;
  for (const box of document.querySelectorAll("[data-until]")) running = draw(box) || running;
  if (running) setTimeout(tick, 10_000);
};

tick();
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) for (const box of document.querySelectorAll("[data-until]")) draw(box);
});
