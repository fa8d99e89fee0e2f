import { type Benchmark, type Figure, type Figures, type Goal, isMet } from './benchmark.ts'

export type Measured = Readonly<{ benchmark: Benchmark; figures: Figures; seconds: number }>

export type Circumstances = Readonly<{ date: string; machine: string; software: string; commit: string; load: string }>

const head = `# Benchmark results

Written by \`npm run bench\`. The newest run of each only; earlier ones are in the history of this file.

`

/** bench/RESULTS.md with what was measured in the place of what it said of the same benchmark, in the order of `names`. */
export function renderResults(page: string, circumstances: Circumstances, one: Measured, names: readonly string[]): string {
  const sections = new Map([...sectionsOf(page), [one.benchmark.name, renderSection(circumstances, one)]])
  return `${head}${names.flatMap((name) => sections.get(name) ?? []).join('\n')}`
}

function sectionsOf(page: string): ReadonlyMap<string, string> {
  const sections = page.split(/^(?=## )/m).slice(1)
  return new Map(sections.map((text) => [text.slice('## '.length, text.indexOf('\n')), `${text.trimEnd()}\n`]))
}

export function renderCircumstances({ date, machine, software, commit, load }: Circumstances): string[] {
  return [
    ...['| | |', '|---|---|', `| date | ${date} |`, `| machine | ${machine} |`, `| load before the run | ${load} |`],
    ...[`| software | ${software} |`, `| commit | ${commit} |`, ''],
  ]
}

function renderSection(circumstances: Circumstances, { benchmark, figures, seconds }: Measured): string {
  const { date, machine, software, commit, load } = circumstances
  return [
    `## ${benchmark.name}`,
    '',
    benchmark.about,
    '',
    '| figure | goal | result | |',
    '|---|---|---|---|',
    ...benchmark.figures.map((figure) => `| ${cellsOf(figure, figures).join(' | ')} |`),
    '',
    `Took ${Math.round(seconds)} s on ${date}, at commit ${commit}. ${software}; ${machine}; load before the run ${load}.`,
    '',
  ].join('\n')
}

/** The same for a terminal. */
export function renderText({ benchmark, figures }: Measured): string {
  const lines = benchmark.figures.map((figure) => {
    const [label = '', goal = '', result = '', verdict = ''] = cellsOf(figure, figures)
    return `  ${label.padEnd(58)} ${result.padStart(10)}  ${verdict.padEnd(6)} ${goal}`.trimEnd()
  })
  return [benchmark.name, ...lines].join('\n')
}

function cellsOf({ key, label, digits, goal }: Figure, figures: Figures): [string, string, string, string] {
  const value = figures[key]
  if (value === undefined) throw new TypeError(`the benchmark gave no ${key}`)
  const format = new Intl.NumberFormat('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
  const verdict = goal === undefined ? '' : isMet(goal, value) ? 'met' : 'MISSED'
  return [label, goal === undefined ? '' : goalText(goal, format), format.format(value), verdict]
}

function goalText(goal: Goal, format: Intl.NumberFormat): string {
  return 'atLeast' in goal ? `≥ ${format.format(goal.atLeast)}` : `≤ ${format.format(goal.atMost)}`
}
