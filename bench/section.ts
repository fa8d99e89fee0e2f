import { readFile, writeFile } from 'node:fs/promises'
import { type Circumstances, type Measured, renderCircumstances } from './report.ts'

/** Puts what was measured between the marks of the benchmark's page, if it has one. Rejects where the page has no such marks. */
export async function refreshSection(root: string, circumstances: Circumstances, { benchmark, figures }: Measured): Promise<void> {
  if (benchmark.section === undefined) return
  const { file, render } = benchmark.section
  const page = await readFile(`${root}${file}`, 'utf8')
  const text = [...renderCircumstances(circumstances), ...render(figures)].join('\n')
  await writeFile(`${root}${file}`, replaceSection(page, benchmark.name, text))
}

/** The page with `text` between `<!-- bench NAME -->` and `<!-- end -->`. Throws where they are missing. */
export function replaceSection(page: string, name: string, text: string): string {
  const [open, close] = [`<!-- bench ${name} -->`, '<!-- end -->']
  const start = page.indexOf(open)
  const end = page.indexOf(close, start)
  if (start < 0 || end < 0) throw new Error(`the page has no ${open} … ${close}`)
  return `${page.slice(0, start + open.length)}\n\n${text.trim()}\n\n${page.slice(end)}`
}
