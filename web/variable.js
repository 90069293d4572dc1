// A variable: what the board said of it, what is being changed here, and what it was before.
// Names that end in _ are the page's own, and tools/web.py shortens them: nothing that the board, the browser or the
// editor, which is built apart, knows by name may end so.

// `above` written over `below`: a composite's parts one by one, anything else as a whole.
function over(below, above) {
  if (above === undefined) return below;
  return above instanceof Object ? { ...below, ...above } : above;
}

// So many past values are kept.
const POINTS = 200;

// Has name, type, writable, options and value as the board said, the error it answered, and of the page's own: is a
// write under way (busy_), is the board out of reach (offline), the functions that are called when any of this changes
// (cards_), the last plain values and places, oldest first (points): {time, value, mine_}, mine_ being those written
// here, write(value), and request(message, answer), by which a widget asks the board for more.
export function createVariable(name, request) {
  const variable = { name, request, points: [], cards_: new Set(), update_, write, hold_, setOffline_ };
  // Newer than the board's value: what a finger still holds, what is under way, what waits behind it.
  let held, sent, next;
  // The board's value; is a finger down; the animation frame that began with the last write.
  let truth, finger, frame;

  function tell() {
    variable.value = [held, sent, next].reduce(over, truth);
    variable.busy_ = sent !== undefined;
    for (const render of variable.cards_) render();
  }

  function remember(value, mine_) {
    const { points } = variable;
    if (value == null || value instanceof Object && variable.type !== "Location") return;
    if (points.push({ time: Date.now(), value, mine_ }) > POINTS) points.shift();
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
      remember(truth, true);
      if (finger) held = over(held, sent);
    }
    sent = undefined;
    send();
    tell();
  }

  // What the board says. After a (re)connection, `first`, that may be no news.
  function update_(said, first) {
    const { value } = said;
    const isNews = !first || value !== truth;
    Object.assign(variable, said);
    truth = value;
    if (isNews) remember(value);
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
  function hold_(down) {
    finger = down;
    if (finger || held === undefined) return;
    held = undefined;
    tell();
  }

  function setOffline_(offline) {
    variable.offline = offline;
    if (offline) held = sent = next = undefined;
    tell();
  }

  return variable;
}
