// [data-renews="/path"]: fetches that part every ten seconds or so and puts it in place.
// Stops while the tab is hidden, and for good once one is signed out. When the network fails, the
// figures stay as they are with the time they were counted at, and it tries again less often.

const PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 120_000;
const TIMEOUT_MS = 8_000;

const renew = (box) => {
  let pause = PAUSE_MS;
  let timer = 0;
  let asking = false;

  const later = () => {
    clearTimeout(timer);
    // Jitter: desks that were opened together do not keep asking together.
    if (!document.hidden) timer = setTimeout(ask, pause * (0.8 + 0.4 * Math.random()));
  };

  const ask = async () => {
    if (asking) return;
    asking = true;
    try {
      const answer = await fetch(box.dataset.renews, {
        redirect: "manual",
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      // Signed out: the answer is a way to the sign-in page, or a refusal.
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return;
      if (!answer.ok) throw new Error(String(answer.status));
      box.innerHTML = await answer.text();
      pause = PAUSE_MS;
    } catch {
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    } finally {
      asking = false;
    }
    later();
  };

  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : later()));
  later();
};

for (const box of document.querySelectorAll("[data-renews]")) renew(box);
