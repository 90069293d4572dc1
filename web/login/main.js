// The login: signs the board's challenge with the password, which does not travel.
import { sign } from "./sha256.js";

const heading = document.querySelector("h1");
const form = document.querySelector("form");
const field = document.querySelector("input");
const alert = document.querySelector("[role=alert]");

async function ask(options) {
  const answer = await fetch("/login", options);
  return { status: answer.status, ...(await answer.json()) };
}

async function logIn() {
  const { challenge } = await ask();
  const body = JSON.stringify({ challenge, answer: sign(field.value, challenge) });
  const { status, error } = await ask({ method: "POST", body });
  if (status === 409) return logIn(); // somebody else was quicker
  if (!error) return location.reload();
  alert.textContent = error;
  field.select();
}

form.onsubmit = (event) => {
  event.preventDefault();
  alert.textContent = "";
  logIn().catch(() => (alert.textContent = "the board cannot be reached"));
};

ask().then(({ title }) => (document.title = heading.textContent = title));
