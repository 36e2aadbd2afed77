// Asks the server to do something, and tells people what it says.

export const page = document.body.dataset;

// A Refused is an answer for people: what is wrong and what to do.
export class Refused extends Error {}

// An Away says that the server did not answer. Whether it did what was asked is not known.
export class Away extends Error {}

// newKey names an action: the server does what it is asked twice under one key only once.
export function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((b) => b.toString(16).padStart(2, "0")).join("");
}

const patience = [0, 400, 1200]; // milliseconds before each attempt

// act does something and returns what came of it. Fields are a FormData or an object. What is not answered is sent again,
// under the same key.
export async function act(path, fields = {}, key = newKey()) {
  const body = fields instanceof FormData ? fields : form(fields);
  body.set("key", key);
  let lost;
  for (const wait of patience) {
    await new Promise((resume) => setTimeout(resume, wait));
    try {
      return await send(path, body);
    } catch (problem) {
      if (problem instanceof Refused) throw problem;
      lost = problem;
    }
  }
  throw new Away("Boswell does not answer.", { cause: lost });
}

async function send(path, body) {
  const answer = await fetch(path, { method: "POST", body, headers: { "Boswell-As": page.as ?? "newcomer" } });
  if (answer.ok) return answer.json();
  const text = await answer.text();
  throw new Refused(problemIn(text) || `The server answered ${answer.status}. Load the page again.`);
}

// problemIn is the sentence in an answer: a field of it, or all of it.
function problemIn(text) {
  try {
    return JSON.parse(text).problem;
  } catch {
    return text.trim();
  }
}

function form(fields) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  return body;
}

const notice = document.getElementById("toast");
let noticeEnds;

// toast shows a sentence for a while.
export function toast(text) {
  notice.querySelector("p").textContent = text;
  notice.hidden = false;
  clearTimeout(noticeEnds);
  noticeEnds = setTimeout(() => { notice.hidden = true; }, 12000);
}

notice?.querySelector("button").addEventListener("click", () => { notice.hidden = true; });

// tell shows what went wrong.
export function tell(problem) {
  if (problem instanceof Refused) toast(problem.message);
  else if (problem instanceof Away) toast("Boswell does not answer, so nothing was sent. Try again when it is back.");
  else throw problem;
}
