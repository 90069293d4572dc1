// The WebSocket to the board: reconnects by itself, and notices a board that went silent.

// All in milliseconds.
const RETRY = 1000;
const HEARTBEAT = 5000;
const PATIENCE = 4000;
// The board's places are taken, and the newest page has this one's.
const DISPLACED = 4001;

// receive(message, first) gets each message, `first` being the one after a (re)connection, that holds everything;
// before it or later, receiveLayout(piece, first) gets the layout's text, with `first` while that message is still to
// come; lost(comeBack) tells that the board cannot be reached, or, with a function that asks for this page's place
// again, that it went to a newer page.
// Returns request(message, answer): sends a message, and calls answer(reply) when the reply is there.
export function connect(receive, receiveLayout, lost) {
  let socket, deadline, heartbeat, answers;
  let first = true;
  let id = 0;

  function open() {
    answers = {};
    socket = new WebSocket(location.origin.replace("http", "ws") + "/ws");
    socket.onmessage = hear;
    socket.onclose = giveUp;
    expect();
  }

  function hear({ data }) {
    if (data[0] === "L") return receiveLayout(data.slice(1), first);
    expectNothing();
    const message = JSON.parse(data);
    answers[message.id]?.(message);
    delete answers[message.id];
    if (first) heartbeat = setInterval(request, HEARTBEAT);
    receive(message, first);
    first = false;
  }

  // This socket is done with, by whichever side; another one will be opened.
  function giveUp({ code } = {}) {
    clearInterval(heartbeat);
    expectNothing();
    first = true;
    socket.onmessage = socket.onclose = null;
    socket.close();
    // Two pages that come back by themselves would push each other out again and again.
    const displaced = code === DISPLACED;
    lost(displaced && open);
    // Who is not logged in any more gets the login in place of this page; who edits may log in elsewhere.
    if (code && !displaced && !onbeforeunload) {
      fetch("/", { method: "HEAD" }).then(({ status }) => status === 401 && location.reload(), () => {});
    }
    if (!displaced) setTimeout(open, RETRY);
  }

  // Something must arrive soon, or the board is gone.
  function expect() {
    deadline ||= setTimeout(giveUp, PATIENCE);
  }

  function expectNothing() {
    clearTimeout(deadline);
    deadline = 0;
  }

  // Without a message of its own it is a heartbeat.
  function request(message, answer) {
    answers[++id] = answer;
    socket.send(JSON.stringify({ id, ...message }));
    expect();
  }

  // The page came back: look now, not at the next tick.
  document.onvisibilitychange = () => document.hidden || first || request();
  open();
  return request;
}
