import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))

export type Page = Readonly<{ path: string; text: string }>

/** Every page for people, by its path in the checkout. */
export function readPages(): Page[] {
  return globSync(['*.md', 'docs/**/*.md', 'examples/**/*.md'], { cwd: root })
    .sort()
    .map((path) => ({ path, text: read(path) }))
}

export const read = (path: string): string => readFileSync(join(root, path), 'utf8')

/** Paths that a page names in code spans and that are not there. What can't be a path of this project is passed over. */
export function gonePaths({ path, text }: Page): string[] {
  return [...withoutFences(text).matchAll(/`([^`\n]+)`/g)]
    .map(([, span = '']) => span)
    .filter((span) => looksLikePath(span) && !isThere(span, path))
}

/** Relative links and pictures of a page whose file, or whose heading in that file, is not there. */
export function deadLinks({ path, text }: Page): string[] {
  const links = [...withoutFences(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
  return links.filter((link) => !/^[a-z]+:/.test(link) && !leadsSomewhere(link, path))
}

/** Scripts that a page, or a command on it, runs by npm. */
export function namedScripts({ text }: Page): string[] {
  const run = [...text.matchAll(/\bnpm run (?:-s |--silent )?([a-z][\w:-]*)/g)].map(([, name = '']) => name)
  const short = [...text.matchAll(/\bnpm (start|test)\b/g)].map(([, name = '']) => name)
  return [...run, ...short]
}

/** Files that a page's commands hand to node. */
export function namedFiles({ text }: Page): string[] {
  return [...text.matchAll(/\bnode ([\w./-]+\.(?:ts|mjs))\b/g)].map(([, file = '']) => file)
}

/** Made at run time, so not in a fresh clone. */
const madeLater = /^(node_modules|\.tocsin)(\/|$)/
const fileName = /^[\w.*{},-]+\.(ts|js|mjs|json|md|sql|yml|yaml|peggy|png)$/
/** Braces and stars stand for several. */
const pathShape = /^\.?[A-Za-z][\w.-]*(\/[\w.*{},-]+)*\/?$/

function looksLikePath(span: string): boolean {
  if (!pathShape.test(span) || madeLater.test(span)) return false
  const parts = span.split('/')
  // `N/A` and `shop/queue` are texts: a path begins with one of our folders, or ends like a folder or a file.
  return fileName.test(parts.at(-1) ?? '') || (parts.length > 1 && (parts.at(-1) === '' || folders.includes(parts[0] ?? '')))
}

/** From the root, or beside the page, or anywhere by its name alone. */
function isThere(span: string, page: string): boolean {
  const found = (pattern: string): boolean => globSync(pattern.replace(/\/$/, ''), { cwd: root }).length > 0
  if (found(span) || found(normalize(join(dirname(page), span)))) return true
  return !span.includes('/') && globSync(`{${folders.join(',')}}/**/${span}`, { cwd: root }).length > 0
}

/** Folders that hold the project; what npm and a run bring lies elsewhere. */
const folders = globSync('*/', { cwd: root })
  .map((folder) => folder.replace(/\/$/, ''))
  .filter((folder) => folder !== 'node_modules')

function leadsSomewhere(link: string, page: string): boolean {
  const [file = '', heading] = link.split('#')
  const target = file === '' ? page : normalize(join(dirname(page), file))
  if (!existsSync(join(root, target))) return false
  return heading === undefined || headingsOf(read(target)).includes(heading)
}

/** As GitHub makes anchors of headings. */
function headingsOf(text: string): string[] {
  return [...withoutFences(text).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  )
}

const withoutFences = (text: string): string => text.replace(/^```.*?^```/gms, '')
