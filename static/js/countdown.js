// The clock of a paper. The server says how much is left; only that is counted down, by a clock
// that a changed date on the phone does not move. Quiet: it speaks at 5 minutes, 1 minute and the end.

export function startCountdown(form) {
  const timer = document.querySelector("[data-timer]");
  const text = timer.querySelector("[data-timer-text]");
  const speech = document.querySelector("[data-timer-speech]");
  let endsAt = performance.now() + Number(timer.dataset.leftMs);
  let spoken = Infinity;
  const whenOver = [];

  const milestones = [
    [300, timer.dataset.wordsFive],
    [60, timer.dataset.wordsOne],
    [0, timer.dataset.wordsOver],
  ];

  function tick() {
    const left = Math.max(0, Math.ceil((endsAt - performance.now()) / 1000));
    text.textContent = `${String(Math.floor(left / 60)).padStart(2, "0")}:${String(left % 60).padStart(2, "0")}`;
    timer.dataset.urgency = left <= 60 ? "last" : left <= 300 ? "soon" : "";
    for (const [seconds, words] of milestones) {
      if (left <= seconds && spoken > seconds) {
        // Who opens the page with two minutes left is not told of five.
        if (spoken !== Infinity || left === seconds || seconds === 0) speech.textContent = words;
        spoken = seconds;
      }
    }
    if (left === 0) {
      clearInterval(beat);
      for (const then of whenOver) then();
    }
  }

  const beat = setInterval(tick, 250);
  tick();
  return {
    // Acknowledgements carry the server's time left: a phone that slept finds back.
    correct: (leftMs) => {
      if (Number.isFinite(leftMs)) endsAt = performance.now() + leftMs;
    },
    onOver: (then) => whenOver.push(then),
    graceMs: Number(timer.dataset.graceMs),
  };
}
