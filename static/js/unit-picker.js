// Choosing where one lives and learns, by a few letters without tones.
// select[data-find-label]: gets a field before it in which one types; picking sets the select.
// input[data-suggests-from]: the same list under it, of what the server finds for the typed words.
// select[data-other-field]: the text field for "somewhere else" is seen only when that is chosen.
// [data-shown-for="name=value"]: seen only while that radio button is chosen.
// Without this script every field stands there and takes what it takes.

const WAIT_MS = 250;
const SHORTEST = 2;
const MOST = 8;
let made = 0;

for (const select of document.querySelectorAll("select[data-other-field]")) {
  const field = document.getElementById(select.dataset.otherField)?.closest(".field");
  if (!field) continue;
  const follow = () => { field.hidden = select.value !== select.dataset.otherValue; };
  select.addEventListener("change", follow);
  follow();
}

for (const part of document.querySelectorAll("[data-shown-for]")) {
  const [name, value] = part.dataset.shownFor.split("=");
  const radios = [...document.querySelectorAll(`input[type="radio"][name="${name}"]`)];
  const follow = () => { part.hidden = radios.find((each) => each.checked)?.value !== value; };
  for (const each of radios) each.addEventListener("change", follow);
  if (radios.length) follow();
}

for (const select of document.querySelectorAll("select[data-find-label]")) {
  const options = [...select.options]
    .filter((each) => each.value && !each.dataset.notFound)
    .map((each) => ({ label: each.label, value: each.value, key: keyOf(each.label) }));
  const input = document.createElement("input");
  input.type = "text";
  input.className = "input";
  input.placeholder = select.dataset.findLabel;
  input.setAttribute("aria-label", select.dataset.findLabel);
  const box = document.createElement("div");
  box.className = "finder";
  box.append(input);
  select.before(box);
  const find = (text) => {
    const words = wordsOf(text);
    if (!words.length) return [];
    const ending = words.join(" ");
    const found = options.filter((each) => words.every((word) => each.key.includes(` ${word}`)));
    // The name that ends as typed is the one that is meant.
    return found.sort((a, b) => b.key.endsWith(` ${ending}`) - a.key.endsWith(` ${ending}`));
  };
  const pick = (option) => {
    select.value = option.value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
    input.value = "";
    select.focus();
  };
  suggest(input, box, { find, pick, noneWord: select.dataset.noneWord, picksFirst: true });
}

for (const input of document.querySelectorAll("input[data-suggests-from]")) {
  // The browser's own list leaves out what is typed without tones.
  input.removeAttribute("list");
  const box = document.createElement("div");
  box.className = "finder";
  input.before(box);
  box.append(input);
  const find = async (text) => {
    if (text.length < SHORTEST) return [];
    const answer = await fetch(input.dataset.suggestsFrom + encodeURIComponent(text), {
      headers: { "X-Requested-By": "script" },
    });
    if (!answer.ok) return [];
    const list = document.createElement("datalist");
    list.innerHTML = await answer.text();
    return [...list.options].map((each) => ({ label: each.value, value: each.value }));
  };
  const pick = (option) => { input.value = option.value; };
  suggest(input, box, { find, pick, wait: WAIT_MS });
}

function keyOf(text) {
  return ` ${wordsOf(text).join(" ")}`;
}

function wordsOf(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase()
    .split(/[^\p{L}\p{N}]+/u).filter(Boolean);
}

// A combobox as WAI-ARIA has it: arrows walk the list, Enter picks, Escape closes.
function suggest(input, box, { find, pick, noneWord = "", wait = 0, picksFirst = false }) {
  const list = document.createElement("ul");
  list.id = `finder-${++made}`;
  list.className = "finder-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.getAttribute("aria-label") || input.labels[0]?.textContent.trim() || "");
  list.hidden = true;
  const said = document.createElement("p");
  said.className = "finder-none";
  said.setAttribute("role", "status");
  box.append(list, said);
  for (const [name, value] of Object.entries({
    role: "combobox", autocomplete: "off", spellcheck: "false",
    "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false",
  })) input.setAttribute(name, value);

  let shown = [];
  let at = -1;
  let timer = 0;
  let newest = 0;

  const mark = (next) => {
    list.children[at]?.setAttribute("aria-selected", "false");
    at = next;
    const option = list.children[at];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  };
  const close = () => {
    newest++;
    mark(-1);
    list.hidden = true;
    said.textContent = "";
    input.setAttribute("aria-expanded", "false");
  };
  const choose = (place) => {
    const option = shown[place];
    close();
    pick(option);
  };
  const show = (found, text) => {
    mark(-1);
    shown = found.slice(0, MOST);
    list.replaceChildren(...shown.map((each, place) => {
      const line = document.createElement("li");
      line.id = `${list.id}-${place}`;
      line.setAttribute("role", "option");
      line.setAttribute("aria-selected", "false");
      line.textContent = each.label;
      line.addEventListener("click", () => choose(place));
      return line;
    }));
    list.hidden = !shown.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    said.textContent = !shown.length && text ? noneWord : "";
  };
  const look = async () => {
    const asked = ++newest;
    const text = input.value.trim();
    try {
      const found = await find(text);
      // An answer to earlier letters must not replace that to the present ones.
      if (asked === newest) show(found, text);
    } catch {
      // Offline: the field takes what is typed.
    }
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    if (wait) timer = setTimeout(look, wait);
    else look();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) close();
    else if (event.key === "Enter" && at >= 0) choose(at);
    else if (event.key === "Enter" && picksFirst) { if (shown.length && !list.hidden) choose(0); }
    else if (event.key === "ArrowDown" && !list.hidden) mark((at + 1) % shown.length);
    else if (event.key === "ArrowUp" && !list.hidden) mark((at <= 0 ? shown.length : at) - 1);
    else return;
    event.preventDefault();
  });
  // The field must not lose the focus before the click has chosen.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  input.addEventListener("blur", () => { clearTimeout(timer); close(); });
}
