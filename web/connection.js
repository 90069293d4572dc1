// The WebSocket to the board: reconnects by itself, and notices a board that went silent.

const FIRST_RETRY = 300;
const LAST_RETRY = 3000;
const HEARTBEAT = 5000;
const PATIENCE = 4000;

// receive(message, first) gets each message, `first` being the one that holds everything;
// lost() tells that the board cannot be reached.
// Returns request(message, answer): sends a message, and calls answer(reply) when the reply is there.
export function connect(receive, lost) {
  let socket, retry, deadline, heartbeat, answers;
  let first = true;
  let delay = FIRST_RETRY;
  let id = 0;

  function open() {
    answers = {};
    socket = new WebSocket(location.origin.replace("http", "ws") + "/ws");
    socket.onmessage = hear;
    socket.onclose = close;
    expect();
  }

  function hear({ data }) {
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
    clearTimeout(retry);
    deadline = 0;
    first = true;
    socket.onmessage = socket.onclose = null;
    socket.close();
    lost();
    retry = setTimeout(open, delay);
    delay = Math.min(delay * 2 || FIRST_RETRY, LAST_RETRY);
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
    if (document.hidden) return;
    if (!first) return request();
    delay = 0;
    close();
  }

  addEventListener("online", wake);
  document.addEventListener("visibilitychange", wake);
  open();
  return request;
}
