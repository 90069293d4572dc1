// What is asked of the board, and what is shown of it.
const PATIENCE = 15_000; // ms

const [status, alert] = document.querySelectorAll("[role]");

// The board's answer; throws {error, …}.
export async function ask(path, method, body) {
  if (method) alert.textContent = "";
  let answer, said;
  try {
    answer = await fetch(path, { method, body, signal: AbortSignal.timeout(PATIENCE) });
    if (answer.status === 401) location.reload(); // for the login
    said = await answer.json();
  } catch {
    throw { error: "No answer. Are you in the board's Wi-Fi?" };
  }
  if (!answer.ok) throw said;
  return said;
}

// A function that says what is wrong behind a field, or behind the part that a button is in.
export const fail = (field) => ({ error }) => {
  field.parentNode.after(alert);
  alert.textContent = error;
};

// Says how the board stands; but not again, which a screen reader would repeat.
export function say(text) {
  if (status.textContent !== text) status.textContent = text;
  return status;
}

export function add(parent, tag, properties) {
  const element = Object.assign(document.createElement(tag), properties);
  parent.append(element);
  return element;
}
