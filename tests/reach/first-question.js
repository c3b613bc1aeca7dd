// Notes when the first question of a paper is seen, and when it can be answered.
// Looks once a frame, and frames are drawn only when the stylesheets are there; a question can be
// answered, and saves, when the script has put the steps in order.
(() => {
  const look = () => {
    const choice = document.querySelector(".quiz.js-steps .step.is-current .choice");
    const seen = performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
    if (choice?.checkVisibility() && !choice.querySelector("input").disabled && seen !== undefined) {
      globalThis.reachReady = { seen, answerable: performance.now() };
    } else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  globalThis.reachWeight = () => {
    const loaded = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
    return [loaded.length, loaded.reduce((sum, each) => sum + each.transferSize, 0)];
  };
})();
