// Puts fresh markup in the place of old, leaving alone what did not change: scroll, focus and open dialogs stay.

const source = new WeakMap(); // element -> the markup that it was made of

// remember notes what the children of an element were made of, before anything changes them.
export function remember(parent) {
  for (const child of parent.children) source.set(child, child.outerHTML);
}

// mend makes the children of an element those of a fresh one. Children are told apart by their ids; without ids all of
// them are replaced when any differs.
export function mend(old, fresh) {
  const children = [...fresh.children];
  if (children.some((c) => !c.id)) {
    replaceAll(old, children);
    return;
  }
  const known = new Map([...old.children].map((c) => [c.id, c]));
  const wanted = children.map((child) => pick(known.get(child.id), child));
  const kept = new Set(wanted);
  const place = focusPlace(old);
  for (const child of [...old.children]) if (!kept.has(child) && !open(child)) child.remove();
  wanted.forEach((child, i) => {
    if (old.children[i] !== child) old.insertBefore(child, old.children[i] ?? null);
  });
  refocus(place);
}

// open says that an element is being filled in. It stays until that is over, so that the focus finds its way back.
const open = (element) => element.querySelector("dialog[open]") !== null;

// pick chooses the old element where it says the same, or is being filled in.
function pick(old, fresh) {
  const markup = fresh.outerHTML;
  if (old && (source.get(old) === markup || open(old))) return old;
  source.set(fresh, markup);
  return fresh;
}

function replaceAll(old, children) {
  const before = [...old.children].map((c) => source.get(c)).join("");
  if (before === children.map((c) => c.outerHTML).join("")) return;
  const place = focusPlace(old);
  old.replaceChildren(...children);
  remember(old);
  refocus(place);
}

// focusPlace is how to find again what has the focus within an element.
function focusPlace(parent) {
  const at = document.activeElement;
  if (!at || !parent.contains(at) || at === parent) return null;
  const owner = at.closest("[id]");
  const same = ["press", "quick", "emoji", "do", "dialog", "room", "person"].find((name) => at.dataset[name] !== undefined);
  return { at, id: owner?.id, inner: at !== owner && same ? `[data-${same}="${CSS.escape(at.dataset[same])}"]` : null };
}

function refocus(place) {
  if (!place || document.activeElement === place.at) return;
  const owner = document.getElementById(place.id);
  const inner = place.inner && owner?.querySelector(place.inner);
  (inner || owner)?.focus({ preventScroll: true });
}
