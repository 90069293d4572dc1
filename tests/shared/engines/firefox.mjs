// Firefox by puppeteer-core, over WebDriver BiDi, for Python: each line on standard input is a call,
// {"target", "call": "mouse.move", "args"}, each on standard output what came of it.
// Targets are numbers: 0 is the browser, others are what `createBrowserContext` and `newPage` gave.
import { createInterface } from "node:readline";

const [, , library, executablePath] = process.argv;
const { default: puppeteer } = await import(library);
const extraPrefsFirefox = { "intl.accept_languages": "en-GB", "ui.useOverlayScrollbars": 1 };  // as on phones
const options = { browser: "firefox", executablePath, headless: true, extraPrefsFirefox };
const browser = await puppeteer.launch(options);
const targets = [browser];

async function answer({ target, call, args }) {
  const path = call.split(".");
  const method = path.pop();
  const value = await path.reduce((it, name) => it[name], targets[target])[method](...args);
  if (method === "createBrowserContext" || method === "newPage") return targets.push(value) - 1;
  return method === "evaluate" || method === "screenshot" ? value : null;
}

for await (const line of createInterface(process.stdin)) {
  const said = await answer(JSON.parse(line)).then((value) => ({ value }), (error) => ({ error: `${error}` }));
  console.log(JSON.stringify(said));
}
await browser.close();
