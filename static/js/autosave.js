// Saves every choice as it is made: keeps it on the device, posts it, and says in words what stands.
// Posts the fields that the form itself has; the answer is the part of the page that is swapped in.
import { openJournal } from "./journal.js";

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
const TIMEOUT_MS = 15_000;
const TYPING_PAUSE_MS = 700;
const SILENT_MS = 1500;

export function startAutosave(form) {
  const tab = tabName(form);
  const journal = openJournal(form.dataset.code, tab);
  const whenSaved = [];
  const waiting = [];
  let seq = Number(sessionGet(`${tab}:seq`) ?? 0);
  let sending = false;
  let pause = FIRST_PAUSE_MS;
  let timer = 0;
  let typing = 0;

  journal.adopt();
  for (const [position, save] of journal.all()) show(position, save.fields);
  form.dispatchEvent(new Event("paper:refresh"));
  form.elements.tab.value = tab;
  form.elements.seq.value = seq + 1;

  form.addEventListener("change", (event) => {
    const position = positionOf(event.target);
    if (position !== null) note(position);
  });
  form.addEventListener("input", (event) => {
    if (!event.target.matches("[data-prediction]")) return;
    clearTimeout(typing);
    typing = setTimeout(() => note("0"), TYPING_PAUSE_MS);
  });
  addEventListener("online", sendSoon);
  addEventListener("offline", () => say("offline", form.dataset.wordsOffline));
  document.addEventListener("visibilitychange", sendSoon);
  addEventListener("beforeunload", (event) => {
    if (!journal.isEmpty() && !form.hasAttribute("data-leaving")) event.preventDefault();
  });
  sendSoon();

  function note(position) {
    const fields = fieldsOf(form, position);
    const before = journal.all().find(([at]) => at === position)?.[1];
    if (before && JSON.stringify(before.fields) === JSON.stringify(fields)) return;
    seq += 1;
    sessionSet(`${tab}:seq`, seq);
    form.elements.seq.value = seq + 1;
    journal.put(position, { tab, seq, basedOn: basedOn(form, position).value, fields });
    say(navigator.onLine ? "saving" : "offline", navigator.onLine ? form.dataset.wordsSaving : form.dataset.wordsOffline);
    sendSoon();
  }

  function sendSoon() {
    clearTimeout(timer);
    timer = setTimeout(send, 0);
  }

  async function send() {
    if (sending) return;
    if (journal.isEmpty()) return settle("clear");
    sending = true;
    const [position, save] = journal.first();
    const outcome = await post(position, save);
    sending = false;
    if (outcome === "again") {
      settle("unreachable");
      // Jitter: a whole city's phones must not come back in the same second.
      timer = setTimeout(send, pause * (0.5 + Math.random()));
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      return;
    }
    if (outcome === "stop") return settle("refused");
    pause = FIRST_PAUSE_MS;
    send();
  }

  function settle(outcome) {
    while (waiting.length) waiting.pop()(outcome);
  }

  async function post(position, save, renewed = false) {
    const body = new URLSearchParams(save.fields);
    body.set("position", position);
    body.set("tab", save.tab);
    body.set("seq", save.seq);
    body.set("based_on", save.basedOn);
    body.set("csrf_token", form.elements.csrf_token.value);
    let response;
    try {
      response = await fetch(form.dataset.savesTo, {
        method: "POST",
        body,
        keepalive: true,
        headers: { "x-requested-by": "script" },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch {
      say("offline", form.dataset.wordsOffline);
      return "again";
    }
    if (response.ok) {
      swap(await response.text(), position, save);
      return "done";
    }
    if (response.status === 401) {
      say("offline", form.dataset.wordsSignedOut, `/dang-nhap?tiep=${encodeURIComponent(location.pathname)}`);
      return "stop";
    }
    if (response.status === 403 && !renewed && (await renewToken())) return post(position, save, true);
    if (response.status === 422) {
      await refuse(await response.text(), position);
      journal.drop(position, save);
      return "done";
    }
    if (response.status === 404 || response.status === 403) {
      say("late", form.dataset.wordsRefused);
      return "stop";
    }
    say("offline", form.dataset.wordsFailed);
    return "again";
  }

  // Signed in again in another tab: the token of this page is stale, a fresh page has the new one.
  async function renewToken() {
    try {
      const fresh = new DOMParser().parseFromString(await (await fetch(location.pathname)).text(), "text/html");
      const token = fresh.querySelector("[data-quiz] [name=csrf_token]")?.value;
      if (token) form.elements.csrf_token.value = token;
      return Boolean(token);
    } catch {
      return false;
    }
  }

  function swap(html, position, save) {
    const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("[data-save-state]");
    journal.drop(position, save);
    basedOn(form, position).value = fresh.dataset.n;
    const state = document.querySelector("[data-save-state]");
    // Words of an earlier save must not cover those of one that still waits.
    if (journal.isEmpty() || fresh.dataset.state !== "saved") {
      state.dataset.state = fresh.dataset.state;
      state.replaceChildren(...fresh.childNodes);
    }
    if (fresh.dataset.state === "stale") {
      const fields = position === "0" ? [["prediction", fresh.dataset.typed]] : fresh.dataset.shown.split(",").filter(Boolean).map((place) => ["choice", place]);
      show(position, fields);
      form.dispatchEvent(new Event("paper:refresh"));
    }
    if (fresh.dataset.state === "submitted") return leave(form);
    if (position === "0") understood(fresh.dataset.understood);
    for (const then of whenSaved) then(Number(fresh.dataset.leftMs));
  }

  async function refuse(html, position) {
    const words = new DOMParser().parseFromString(html, "text/html").body.textContent.trim();
    if (position !== "0") return say("late", form.dataset.wordsRefused);
    // A number that was not understood: what is wrong with it, where every outcome is told.
    say("late", words);
    const error = form.querySelector("#f-prediction-error");
    error.hidden = false;
    error.querySelector("[data-prediction-error]").textContent = words;
    form.querySelector("[data-prediction]").setAttribute("aria-invalid", "true");
    form.querySelector("[data-understood]").replaceChildren();
  }

  function understood(words) {
    form.querySelector("#f-prediction-error").hidden = true;
    form.querySelector("[data-prediction]").removeAttribute("aria-invalid");
    const bold = document.createElement("b");
    bold.textContent = words;
    form.querySelector("[data-understood]").replaceChildren(...(words ? [`${form.dataset.wordsUnderstood} `, bold] : []));
  }

  function show(position, fields) {
    if (position === "0") {
      form.querySelector("[data-prediction]").value = new URLSearchParams(fields).get("prediction") ?? "";
      return;
    }
    const chosen = new Set(new URLSearchParams(fields).getAll("choice"));
    for (const input of form.querySelectorAll(`input[name=q${position}]`)) input.checked = chosen.has(input.value);
  }

  function say(state, words, href = "") {
    const place = document.querySelector("[data-save-state]");
    place.dataset.state = state;
    const text = document.createElement(href ? "a" : "span");
    if (href) text.href = href;
    text.dataset.saveWords = "";
    text.textContent = words;
    if (words === form.dataset.wordsSaving) speakLater(text);
    place.replaceChildren(text);
  }

  return {
    onSaved: (then) => whenSaved.push(then),
    /** Sends what waits now; resolves to "clear", "unreachable" or "refused". */
    flush: () =>
      new Promise((resolve) => {
        clearTimeout(typing);
        if (form.querySelector("[data-prediction]:focus")) note("0");
        waiting.push(resolve);
        pause = FIRST_PAUSE_MS;
        sendSoon();
      }),
    clear: () => journal.clear(),
    say,
  };
}

// A save that takes no time is heard once, as saved; one that takes longer is heard waiting too.
function speakLater(text) {
  text.ariaHidden = "true";
  setTimeout(() => text.isConnected && text.removeAttribute("aria-hidden"), SILENT_MS);
}

/** Leaves for the receipt without being asked whether one is sure. */
export function leave(form) {
  form.setAttribute("data-leaving", "");
  location.assign(form.dataset.endsAt);
}

function positionOf(input) {
  if (input.matches("[data-prediction]")) return "0";
  const match = /^q(\d+)$/.exec(input.name);
  return match ? match[1] : null;
}

function fieldsOf(form, position) {
  if (position === "0") return [["prediction", form.querySelector("[data-prediction]").value]];
  return [...form.querySelectorAll(`input[name=q${position}]:checked`)].map((input) => ["choice", input.value]);
}

function basedOn(form, position) {
  return form.querySelector(`[data-based-on="${position}"]`);
}

// The same after a reload, another one in a tab opened beside it.
function tabName(form) {
  const key = `sanchoi:tab:${form.dataset.code}`;
  const name = sessionGet(key) ?? form.elements.tab.value;
  sessionSet(key, name);
  return name;
}

function sessionGet(key) {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

function sessionSet(key, value) {
  try {
    sessionStorage.setItem(key, value);
  } catch {
    // Without storage a reload is a new tab: the server then compares what it was based on.
  }
}
