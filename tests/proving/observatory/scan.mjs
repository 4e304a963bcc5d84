// Grades pages as the MDN HTTP Observatory does, and judges policies as csp_evaluator does.
// Standard input: {"pages": [{name, path, httpPort, httpsPort}], "policies": [text]}; standard output: the same with grades.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const here = process.argv[2];
const observatory = (file) => import(pathToFileURL(`${here}/node_modules/@mdn/mdn-http-observatory/src/${file}`));
const { ALL_TESTS } = await observatory("constants.js");
const { retrieve } = await observatory("retriever/retriever.js");
const { getGradeForScore, getScoreModifier } = await observatory("grader/grader.js");
const { MINIMUM_SCORE_FOR_EXTRA_CREDIT } = await observatory("grader/charts.js");
const require = createRequire(`${here}/`);
const { CspEvaluator } = require("csp_evaluator/dist/evaluator.js");
const { CspParser } = require("csp_evaluator/dist/parser.js");
const { Version } = require("csp_evaluator/dist/csp.js");

async function grade({ name, path, httpPort, httpsPort }) {
  const found = await retrieve("localhost", { path, httpPort, httpsPort });
  const page = found.responses.auto;
  if (!page) return { name, grade: "no answer", score: 0, less: [], led: "" };
  const given = ALL_TESTS.map((test) => test(found)).filter(({ result }) => result);
  const marks = given.map(({ result }) => ({ result, mark: getScoreModifier(result) }));
  const sum = (some) => some.reduce((total, { mark }) => total + mark, 100);
  const less = marks.filter(({ mark }) => mark < 0);
  const score = sum(less) >= MINIMUM_SCORE_FOR_EXTRA_CREDIT ? sum(marks) : sum(less);
  const led = found.session.redirectHistory.at(-1).url.pathname;
  const told = { tests: given.length, verified: page.verified, status: page.status, led };
  return { name, ...getGradeForScore(score), less: less.map(({ result }) => result), ...told };
}

function judge(policy) {
  const found = new CspEvaluator(new CspParser(policy).csp, Version.CSP3).evaluate();
  return { policy, findings: found.map(({ severity, description, directive }) => ({ severity, description, directive })) };
}

const asked = JSON.parse(await new Response(process.stdin).text());
const graded = [];
for (const page of asked.pages) graded.push(await grade(page));
console.log(JSON.stringify({ pages: graded, policies: asked.policies.map(judge) }));
process.exit(0);
