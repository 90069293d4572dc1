// Runs one test module in MicroPython for WebAssembly, a machine of 32 bits, in node:
// run.mjs PACKAGE MODULE FOLDER…, the folders being those of MICROPYPATH. Prints what run.py prints.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [packageFolder, module, ...folders] = process.argv.slice(2);
const { loadMicroPython } = await import(pathToFileURL(join(packageFolder, "micropython.mjs")));
const board = await loadMicroPython({ heapsize: 4 << 20, pystack: 16384, stdout: (line) => console.log(line) });

// Its file system is in memory: the folders are copied there, under the paths that they have here.
function copy(folder) {
  board.FS.mkdirTree(folder);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) board.FS.writeFile(path, readFileSync(path));
    else if (entry.name !== "__pycache__") copy(path);
  }
}

folders.forEach(copy);
try {
  board.runPython(`import sys; sys.path[:0] = ${JSON.stringify(folders)}`);
  board.runPython(`import like_a_board, run; run.main(${JSON.stringify(module)})`);
} catch (error) {
  console.log(error.message); // node would show the whole of the interpreter with it
  process.exitCode = 1;
}
