// What the board keeps of a charted variable's past. It is asked for one at a time, so that writes go in between.

// In milliseconds. Who does not answer for so long was cut off.
const PATIENCE = 5000;
// The shortest step, and how late an answer may be.
const SHORTEST = 5000;
const LATE = 2000;

// What is waited for, by range and variable, each once; and the end of the queue.
const asked = {};
let queue = Promise.resolve();
// When some step began.
let phase = 0;

// Calls show(past) once the board has told the past of a variable in a range, 0 (live) to 4 (all that is known):
// {range, asked, steps}, `asked` being when the answer came, in milliseconds. Steps are {time, until, value}, oldest
// first, each from `time` to `until`, with the value [min, max, last], of a Location [lat, lon], or null where nothing
// was known. Of what is not charted there are none. While the board is out of reach nothing is asked: ask again when it
// is back.
export function recall(variable, range, show) {
  const key = range + variable.name;
  asked[key] ??= queue = queue.then(() => ask(variable, range)).then((answer) => {
    delete asked[key];
    return answer;
  });
  asked[key].then((answer) => {
    if (answer) show(read(answer, range));
    else if (!variable.offline) recall(variable, range, show);
  });
}

// The board's answer; undefined without one.
const ask = (variable, range) => new Promise((done) => {
  setTimeout(done, PATIENCE);
  if (variable.offline) done();
  else variable.request({ history: variable.name, range }, done);
});

// The steps of all variables begin at the same moments, or those of a restarted board at others: what differs by less
// is how long the answers were under way.
function settle(time) {
  const late = (time - phase + SHORTEST / 2) % SHORTEST - SHORTEST / 2;
  if (Math.abs(late) < LATE) return time - late;
  return (phase = time);
}

function read({ history }, range) {
  const { step, age, points = [] } = history ?? {};
  const asked = Date.now();
  const newest = points[0] && settle(asked - age * 1000);
  const begin = (i) => newest - (points.length - 1 - i) * step * 1000;
  const steps = points.map((value, i) => ({ time: begin(i), until: Math.min(begin(i + 1), asked), value }));
  return { range, asked, steps };
}
