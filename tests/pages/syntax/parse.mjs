// node parse.mjs PACKAGES YEAR FILE...: prints the files that an engine of that year cannot read, with what it meets.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [packages, year, ...files] = process.argv.slice(2);
const { parse } = createRequire(packages + "/")("acorn");

for (const file of files) {
  try {
    parse(readFileSync(file, "utf8"), { ecmaVersion: Number(year), sourceType: "script" });
  } catch (error) {
    console.log(`${file}: ${error.message}`);
  }
}
