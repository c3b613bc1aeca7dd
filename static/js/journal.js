// What this device has not yet had acknowledged, in localStorage: survives a reload and a crash.
// One entry a question, the newest only; a tab has its own journal and finds those that others left.

const PREFIX = "sanchoi:paper:";

export function openJournal(code, tab) {
  const key = `${PREFIX}${code}:${tab}`;
  const entries = read(key);
  const keep = () => write(key, entries);
  return {
    put(position, save) {
      entries[position] = save;
      keep();
    },
    /** Forgets a save, unless a newer one of the same question has come meanwhile. */
    drop(position, save) {
      if (entries[position]?.seq === save.seq && entries[position]?.tab === save.tab) {
        delete entries[position];
        keep();
      }
    },
    first: () => Object.entries(entries)[0],
    isEmpty: () => Object.keys(entries).length === 0,
    all: () => Object.entries(entries),
    /** Takes over what a closed tab of this device could not send. */
    adopt() {
      for (const other of keysOf(`${PREFIX}${code}:`)) {
        if (other === key) continue;
        for (const [position, save] of Object.entries(read(other))) entries[position] ??= save;
        remove(other);
      }
      keep();
    },
    clear() {
      for (const other of keysOf(`${PREFIX}${code}:`)) remove(other);
    },
  };
}

// Private windows and full disks refuse storage; then the page still saves, only without a net.
function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? {};
  } catch {
    return {};
  }
}

function write(key, entries) {
  try {
    if (Object.keys(entries).length === 0) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(entries));
  } catch {
    // Nothing to be done: what is on the page is still sent.
  }
}

function remove(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // As above.
  }
}

function keysOf(prefix) {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}
