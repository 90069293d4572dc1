// The dashboard: a card for each variable, and the link to the board.
import { createCard } from "./card.js";
import { connect } from "./connection.js";
import { showLink } from "./link.js";

const grid = document.querySelector("main");
const cards = new Map();
let status = { title: document.title };

function receive(message, first) {
  status = message.status ?? status;
  const variables = message.variables ?? [];
  if (first) keep(new Set(variables.map(({ name }) => name)));
  for (const variable of variables) {
    const { name } = variable;
    if (!cards.has(name)) cards.set(name, createCard(grid, name, request));
    cards.get(name).update(variable);
  }
  if (first) lock(false);
  if (first || message.status) showLink(true, status);
}

function lost() {
  lock(true);
  showLink(false, status);
}

// After a reconnection the board may have other variables.
function keep(names) {
  for (const [name, card] of cards) {
    if (!names.has(name)) {
      card.remove();
      cards.delete(name);
    }
  }
}

function lock(offline) {
  for (const card of cards.values()) card.lock(offline);
}

const request = connect(receive, lost);
