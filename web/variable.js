// A variable: what the board said of it, what is being changed here, and what it was before.

// `above` written over `below`: a composite's parts one by one, anything else as a whole.
function over(below, above) {
  if (above === undefined) return below;
  return above instanceof Object ? { ...below, ...above } : above;
}

// So many past values are kept.
const POINTS = 200;

// Has name, type, writable, options, value, error and busy; `cards` are called when any of them changes.
// `points` are the last plain values, oldest first: {time, value, mine}, mine being those written here.
export function createVariable(name, request) {
  const variable = { name, points: [], cards: new Set(), update, write, hold, lock, recall };
  // Newer than the board's value: what a finger still holds, what is under way, what waits behind it.
  let held, sent, next;
  let truth, finger, frame;

  function tell() {
    variable.value = [held, sent, next].reduce(over, truth);
    variable.busy = sent !== undefined;
    for (const card of variable.cards) card();
  }

  function note(value, mine) {
    const { points } = variable;
    if (value == null || value instanceof Object) return;
    if (points.push({ time: Date.now(), value, mine }) > POINTS) points.shift();
  }

  // One write under way at a time, and one a frame: the newest value waits.
  function send() {
    if (next === undefined || sent !== undefined || frame) return;
    sent = next;
    next = undefined;
    request({ name, value: sent }, answer);
    frame = requestAnimationFrame(() => {
      frame = 0;
      send();
    });
  }

  function answer({ error }) {
    variable.error = error;
    if (error) held = undefined;
    else {
      truth = over(truth, sent);
      note(sent, true);
      if (finger) held = over(held, sent);
    }
    sent = undefined;
    send();
    tell();
  }

  // What the board says. After a (re)connection, `first`, that may be no news.
  function update(now, first) {
    const { value } = now;
    if (!first || value !== truth) note(value);
    truth = value;
    Object.assign(variable, now);
    tell();
  }

  function write(value) {
    if (variable.writable && !variable.offline) {
      next = over(next, value);
      send();
    }
    tell();
  }

  // While a finger is down, no value from elsewhere moves what it has changed.
  function hold(now) {
    finger = now;
    if (finger || held === undefined) return;
    held = undefined;
    tell();
  }

  function lock(offline) {
    variable.offline = offline;
    if (offline) held = sent = next = undefined;
    tell();
  }

  // The values from before this page was there, `age` in seconds.
  function recall({ age, values }) {
    variable.points = values.map((value, i) => ({ time: Date.now() - age[i] * 1000, value }));
    tell();
  }

  return variable;
}
