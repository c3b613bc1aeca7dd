// Choosing where one lives and learns.
// select[data-other-field]: the text field for "somewhere else" is seen only when that is chosen.
// input[data-suggests-from]: fills its <datalist> with what the server finds for the typed words.
// Without this script both fields stand there and take any text.

const WAIT_MS = 250;
const SHORTEST = 2;

for (const select of document.querySelectorAll("select[data-other-field]")) {
  const field = document.getElementById(select.dataset.otherField)?.closest(".field");
  if (!field) continue;
  const follow = () => { field.hidden = select.value !== select.dataset.otherValue; };
  select.addEventListener("change", follow);
  follow();
}

for (const input of document.querySelectorAll("input[data-suggests-from]")) {
  let timer = 0;
  let newest = 0;
  const suggest = async () => {
    const asked = ++newest;
    const text = input.value.trim();
    if (text.length < SHORTEST) return;
    try {
      const answer = await fetch(input.dataset.suggestsFrom + encodeURIComponent(text), {
        headers: { "X-Requested-By": "script" },
      });
      // An answer to earlier letters must not replace that to the present ones.
      if (answer.ok && asked === newest) input.list.innerHTML = await answer.text();
    } catch {
      // Offline: the field takes what is typed.
    }
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(suggest, WAIT_MS);
  });
}
