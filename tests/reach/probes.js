// What is measured on a page, beside axe. Evaluated once a page; `reach.…` is then called.
"use strict";
globalThis.reach = (() => {
  const name = (element) => {
    const id = element.id ? `#${element.id}` : "";
    const classes = typeof element.className === "string" && element.className ? `.${element.className.trim().split(/\s+/).join(".")}` : "";
    const words = (element.textContent || element.getAttribute("aria-label") || "").trim().replace(/\s+/g, " ").slice(0, 50);
    return `<${element.localName}${id}${classes}> ${words}`;
  };
  const isShown = (element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && element.getClientRects().length > 0;
  const isDot = (element) => {
    const box = element.getBoundingClientRect();
    return box.width <= 1.5 && box.height <= 1.5;
  };
  // There for screen readers: within something that is one pixel small.
  const isOnlyHeard = (element) => {
    for (let at = element; at && at !== document.body; at = at.parentElement) if (isDot(at) || at.matches(".visually-hidden, .skip-link")) return true;
    return false;
  };
  const all = (selector, root = document.body) => [...root.querySelectorAll(selector)];
  const hasWords = (element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== "");
  const few = (found) => found.slice(0, 6);

  // What stands in a box that scrolls by itself may be wider than the page.
  const scrollsItself = (element) => {
    for (let at = element; at && at !== document.body; at = at.parentElement) {
      if (["auto", "scroll"].includes(getComputedStyle(at).overflowX)) return true;
    }
    return false;
  };

  /** @returns elements that make the page wider than the window; empty when nothing scrolls sideways */
  function sideways() {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return [];
    const wide = all("*").filter((each) => isShown(each) && !isOnlyHeard(each) && !scrollsItself(each) && each.getBoundingClientRect().right > root.clientWidth + 0.5);
    return [`${root.scrollWidth} px wide in ${root.clientWidth} px`, ...few(wide.map(name))];
  }

  const rangeOf = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return range;
  };
  /** @returns words that stand, in part, outside of a box that hides what is too much in it */
  function clipped() {
    const found = [];
    for (const each of all("*")) {
      if (!hasWords(each) || !isShown(each) || isOnlyHeard(each)) continue;
      const words = rangeOf(each).getBoundingClientRect();
      for (let box = each; box && box !== document.body; box = box.parentElement) {
        const { overflowX, overflowY, position } = getComputedStyle(box);
        const hides = (overflow) => overflow === "hidden" || overflow === "clip";
        const edge = box.getBoundingClientRect();
        const isWide = hides(overflowX) && (words.left < edge.left - 1 || words.right > edge.right + 1);
        const isHigh = hides(overflowY) && (words.top < edge.top - 1 || words.bottom > edge.bottom + 1);
        if (isWide || isHigh) {
          found.push(`clipped: ${name(each)}`);
          break;
        }
        if (["auto", "scroll"].includes(overflowX) || position === "fixed") break;
      }
    }
    return few(found);
  }

  // WCAG 1.4.12: nobody may lose words when they set their text wider.
  const spaced = new CSSStyleSheet();
  spaced.replaceSync("*, *::before, *::after { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-block-end: 2em !important }");
  function setSpacing(on) {
    document.adoptedStyleSheets = on ? [spaced] : [];
  }

  const MAIN_TARGETS = ".button:not(.button--small), .input, .choice, .number, .tick, .site-nav a";
  /** @returns what is pressed most and is not 44 px high */
  function smallTargets() {
    return few(
      all(MAIN_TARGETS)
        .filter((each) => isShown(each) && each.type !== "hidden" && each.getBoundingClientRect().height < 43.5)
        .map((each) => `${Math.round(each.getBoundingClientRect().height)} px: ${name(each)}`),
    );
  }

  const seconds = (list) => Math.max(0, ...list.split(",").map((each) => parseFloat(each) * (each.trim().endsWith("ms") ? 0.001 : 1)));
  /** @returns what moves for longer than 10 ms */
  function moving() {
    const running = document.getAnimations().filter((each) => each.playState === "running" && Number(each.effect?.getComputedTiming().duration) > 10);
    const found = running.map((each) => `runs: ${name(each.effect.target)}`);
    for (const each of all("*")) {
      for (const part of [null, "::before", "::after"]) {
        const style = getComputedStyle(each, part);
        if (part && style.content === "none") continue;
        const moves = seconds(style.transitionDuration) > 0.01 || (style.animationName !== "none" && seconds(style.animationDuration) > 0.01);
        if (moves) found.push(`would move: ${name(each)}${part ?? ""}`);
      }
    }
    if (getComputedStyle(document.documentElement).scrollBehavior === "smooth") found.push("scrolls smoothly");
    return few(found);
  }

  const channels = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = ([r, g, b]) => {
    const linear = [r, g, b].map((each) => (each / 255 <= 0.04045 ? each / 255 / 12.92 : ((each / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  /** The page under print rules. @returns controls that would be printed, words too pale for white paper, boxes cut off */
  function printed() {
    const faults = [];
    // The lines of a form that is filled in may be printed, those of a filter not.
    const controls = "nav, button, .button, .link-button, .site-tools, .site-footer, .demo-strip, dialog, form[method=get] :is(input, select)";
    for (const each of all(controls)) if (isShown(each)) faults.push(`a control is printed: ${name(each)}`);
    for (const each of all("*")) {
      if (!hasWords(each) || !isShown(each) || isOnlyHeard(each)) continue;
      const contrast = 1.05 / (luminance(channels(getComputedStyle(each).color)) + 0.05);
      if (contrast < 4.5) faults.push(`pale on paper, ${contrast.toFixed(1)}: ${name(each)}`);
    }
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) faults.push(...sideways().map((each) => `cut off: ${each}`));
    for (const each of all("*")) {
      const scrolls = ["auto", "scroll"].includes(getComputedStyle(each).overflowX) && each.scrollWidth > each.clientWidth + 1;
      if (scrolls && isShown(each) && !isOnlyHeard(each)) faults.push(`cut off: ${name(each)}`);
    }
    faults.push(...clipped());
    const backgrounds = [root, document.body].map((each) => channels(getComputedStyle(each).backgroundColor));
    for (const [r, g, b, a = 1] of backgrounds) if (a > 0 && luminance([r, g, b]) < 0.9) faults.push("the paper is dark");
    return [...new Set(faults)].slice(0, 12);
  }

  /** Opens everything that folds, so that it is looked at too. */
  function unfold() {
    for (const each of all("main details")) each.open = true;
  }

  /** The focus as it shows: width in px of the outline of the focused element, or of what stands for it. */
  function focus() {
    const at = document.activeElement;
    if (!at || at === document.body) return null;
    const width = ([element, part]) => {
      const style = element && getComputedStyle(element, part);
      return style && style.outlineStyle !== "none" ? parseFloat(style.outlineWidth) : 0;
    };
    // A card that is one link outlines itself; a choice outlines what stands for its hidden input.
    const standsFor = [[at], [at, "::after"], [at.nextElementSibling], [at.parentElement]];
    const box = (at.closest(".choice") ?? at).getBoundingClientRect();
    const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
    const y = Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1);
    const top = document.elementFromPoint(x, y);
    const isCovered = !(top && (at.contains(top) || top.contains(at) || at.closest("label")?.contains(top)));
    at.dataset.reachSeen ??= String((reach.count = (reach.count ?? 0) + 1));
    return { name: name(at), number: Number(at.dataset.reachSeen), outline: Math.max(...standsFor.map(width)), isCovered };
  }

  /** All rules with one of the tags, or only these rules. @returns violations, the first elements of each */
  async function runAxe([tags, rules]) {
    const runOnly = rules ? { type: "rule", values: rules } : { type: "tag", values: tags };
    const { violations } = await axe.run(document, { runOnly, resultTypes: ["violations"], preload: false });
    const told = ({ target, any, all, none }) => `${target.join(" ")}: ${[...any, ...all, ...none][0]?.message ?? ""}`;
    return violations.map(({ id, impact, help, nodes }) => ({ id, impact, help, nodes: nodes.slice(0, 4).map(told) }));
  }

  return { runAxe, sideways, clipped, setSpacing, smallTargets, moving, printed, unfold, focus };
})();
