// Prints, after a check, vitest's line of tests and then "N passed, N failed" alone on the last line.
// `node scripts/closing-line.js [REPORT]`: vitest's JSON report, by default the last check's.
import { readFileSync } from 'node:fs';
import { testResults } from './test-results.js';

const counted = count(process.argv[2] ?? testResults);
if (!counted) console.log('The check ended before its tests: see above.');
const { passed, failed } = counted ?? { passed: 0, failed: 1 };
const failedPart = failed > 0 ? `${failed} failed | ` : '';
if (counted) console.log(`      Tests  ${failedPart}${passed} passed (${passed + failed})`);
console.log(`${passed} passed, ${failed} failed`);

function count(file) {
  let report;
  try {
    report = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
  // A file that could not be loaded has no tests to fail; it counts as one.
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length };
}
