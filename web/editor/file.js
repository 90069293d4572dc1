// The board's dashboard.json: the draft comes from it and goes to it.
import { readTemplate } from "./template.js";

const PATIENCE = 10_000;

// The text that the draft began with: has another page saved since?
let known;

async function ask(method, body) {
  const answer = await fetch("/api/dashboard", { method, body, signal: AbortSignal.timeout(PATIENCE) }).catch(() => {
    throw Error("the board cannot be reached");
  });
  return [answer, await answer.text()];
}

async function tell(method, body) {
  const [{ ok, status, headers }, text] = await ask(method, body);
  if (ok) return;
  if (status === 429) {
    await new Promise((wake) => setTimeout(wake, headers.get("Retry-After") * 1000));
    return tell(method, body);
  }
  let reason = "status " + status;
  try {
    reason = JSON.parse(text).error;
  } catch {
    // not the board's own words
  }
  throw Error(reason);
}

// The dashboard; one without `widgets` when it is automatic, or cannot be read.
export async function loadDashboard(kinds) {
  [, known] = await ask("GET");
  try {
    return readTemplate(known, kinds);
  } catch {
    return { pages: [] };
  }
}

// Returns false when another page has saved since, and that is to be kept. Throws what is wrong.
export async function saveDashboard({ pages, ...others }) {
  const [, now] = await ask("GET");
  if (now !== known && !confirm("The dashboard was changed elsewhere meanwhile. Overwrite that?")) return false;
  await tell("PUT", JSON.stringify({ ...others, pages: pages[0] && pages }));
  return true;
}

export const restoreAutomatic = () => tell("DELETE");
