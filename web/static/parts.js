// Keeps parts current. A part is an element that names its address in data-part; it is read again when its stream
// (data-events) says so, when the document hears "part-changed", and when somebody comes back to the page.

const busy = new WeakMap(); // part -> whether it is to be read once more

async function read(part) {
  if (busy.has(part)) {
    busy.set(part, true);
    return;
  }
  busy.set(part, false);
  try {
    const answer = await fetch(part.dataset.part, { cache: "no-cache" });
    if (answer.ok) put(part, await answer.text(), answer.headers.get("ETag"));
  } catch {
    // The stream, or whoever sends "part-changed", comes back and asks again.
  } finally {
    const again = busy.get(part);
    busy.delete(part);
    if (again) read(part);
  }
}

// put shows what was read, keeps the place that people scrolled to, and lights up entries that are new.
function put(part, html, tag) {
  if (tag && part.dataset.tag === tag) return;
  const known = new Set([...part.querySelectorAll(".entry")].map((e) => e.id));
  const first = part.dataset.tag === undefined;
  const scrolled = [...part.querySelectorAll("[data-pane]")].map((p) => p.scrollTop);
  const focused = part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  part.innerHTML = html;
  part.dataset.tag = tag ?? "";
  [...part.querySelectorAll("[data-pane]")].forEach((p, i) => { p.scrollTop = scrolled[i] ?? 0; });
  if (focused) part.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  const fresh = first ? [] : [...part.querySelectorAll(".entry")].filter((e) => !known.has(e.id));
  fresh.forEach((e) => e.classList.add("fresh"));
  part.dispatchEvent(new CustomEvent("part-read", { bubbles: true, detail: { fresh: fresh.map((e) => e.innerText) } }));
}

const parts = () => document.querySelectorAll("[data-part]");

document.addEventListener("part-changed", () => parts().forEach(read));
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) parts().forEach(read);
});

for (const part of parts()) {
  if (part.dataset.events) {
    new EventSource(part.dataset.events).addEventListener("changed", () => read(part));
  } else {
    read(part);
  }
}
