// The WebSocket to the board: reconnects by itself, and notices a board that went silent.

const FIRST_RETRY = 300;
const LAST_RETRY = 3000;
const HEARTBEAT = 5000;
const PATIENCE = 4000;

// receive(message, first) gets each message, `first` being the one that holds everything;
// lost() tells that the board cannot be reached.
// Returns request(message, answer): sends a message, and calls answer(reply) when the reply is there.
export function connect(receive, lost) {
  let socket, retry, deadline, heartbeat, first, answers;
  let delay = FIRST_RETRY;
  let id = 0;

  function open() {
    clearTimeout(retry);
    first = true;
    answers = {};
    socket = new WebSocket(location.origin.replace("http", "ws") + "/ws");
    socket.onmessage = message;
    socket.onclose = close;
    expect();
  }

  function message({ data }) {
    clearTimeout(deadline);
    deadline = 0;
    const message = JSON.parse(data);
    const answer = answers[message.id];
    delete answers[message.id];
    answer?.(message);
    if (first) {
      delay = FIRST_RETRY;
      heartbeat = setInterval(request, HEARTBEAT);
    }
    receive(message, first);
    first = false;
  }

  function close() {
    clearInterval(heartbeat);
    clearTimeout(deadline);
    deadline = 0;
    socket.onmessage = socket.onclose = null;
    socket.close();
    socket = null;
    lost();
    retry = setTimeout(open, delay);
    delay = Math.min(delay * 2, LAST_RETRY);
  }

  // Something must arrive soon, or the board is gone.
  function expect() {
    deadline ||= setTimeout(close, PATIENCE);
  }

  // Without a message of its own it is a heartbeat.
  function request(message, answer) {
    answers[++id] = answer;
    socket.send(JSON.stringify({ id, ...message }));
    expect();
  }

  // The network or the page came back: look now, not at the next tick.
  function wake() {
    if (!socket) open();
    else if (!first) request();
  }

  addEventListener("online", wake);
  document.addEventListener("visibilitychange", wake);
  open();
  return request;
}
