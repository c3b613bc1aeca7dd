// Notes what is put into live regions: a screen reader says it wherever on the page one is.
(() => {
  globalThis.reachSaid = [];
  const KINDS = "[role=status], [role=alert], output, [aria-live]";
  const told = new Map();
  const words = (at) => {
    if (at.nodeType === Node.TEXT_NODE) return at.data;
    if (at.nodeType !== Node.ELEMENT_NODE || at.ariaHidden === "true" || at.hidden) return "";
    return [...at.childNodes].map(words).join(" ");
  };
  const regionOf = ({ target }) => (target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement)?.closest(KINDS);
  const hear = (changes) => {
    for (const region of new Set(changes.map(regionOf))) {
      if (!region) continue;
      const text = words(region).replace(/\s+/g, " ").trim();
      const isNews = text !== "" && text !== told.get(region);
      told.set(region, text);
      if (!isNews) continue;
      const isLoud = region.role === "alert" || region.ariaLive === "assertive";
      globalThis.reachSaid.push(`${isLoud ? "says at once" : "says"}: ${text}`);
    }
  };
  const watched = { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ["aria-hidden"] };
  document.addEventListener("DOMContentLoaded", () => new MutationObserver(hear).observe(document, watched));
})();
