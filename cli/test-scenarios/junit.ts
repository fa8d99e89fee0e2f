import type { Verdict } from './judge.ts'

/** The verdicts as JUnit XML, one suite per file: what build servers read. */
export function junitXml(verdicts: readonly Verdict[]): string {
  const files = [...new Set(verdicts.map(({ file }) => file))]
  const suites = files.map((file) =>
    suite(
      file,
      verdicts.filter((verdict) => verdict.file === file),
    ),
  )
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${totals(verdicts)}>\n${suites.join('')}</testsuites>\n`
}

function suite(file: string, verdicts: readonly Verdict[]): string {
  return `  <testsuite name="${escaped(file)}" ${totals(verdicts)}>\n${verdicts.map(testcase).join('')}  </testsuite>\n`
}

function testcase({ file, line, name, durationMs, difference }: Verdict): string {
  const attributes = `classname="${escaped(file)}" name="${escaped(name)}" file="${escaped(file)}" line="${line}" time="${seconds(durationMs)}"`
  if (difference.length === 0) return `    <testcase ${attributes}/>\n`
  const failure = `      <failure message="not as expected">${escaped(difference.join('\n'))}</failure>\n`
  return `    <testcase ${attributes}>\n${failure}    </testcase>\n`
}

function totals(verdicts: readonly Verdict[]): string {
  const failures = verdicts.filter(({ difference }) => difference.length > 0).length
  const durationMs = verdicts.reduce((sum, verdict) => sum + verdict.durationMs, 0)
  return `tests="${verdicts.length}" failures="${failures}" errors="0" time="${seconds(durationMs)}"`
}

function seconds(durationMs: number): string {
  return (durationMs / 1_000).toFixed(3)
}

/** Control characters and halves of surrogate pairs have no place in XML 1.0, not even escaped. */
function escaped(text: string): string {
  const names: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }
  const clean = text.toWellFormed().replace(/[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu, '\ufffd')
  return clean.replace(/[&<>"']/g, (character) => names[character] ?? character)
}
