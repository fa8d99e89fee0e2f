/** Values and blocks as Terraform's language writes them, laid out as `terraform fmt` would. Pure. Read next: terraform.ts. */

export type HclValue = string | number | boolean | readonly string[]
/** `[name, value]`, in order; undefined and null are left out. */
export type Attributes = readonly (readonly [name: string, value: HclValue | null | undefined])[]
export type Block = Readonly<{ name: string; attributes: Attributes; blocks?: readonly Block[] }>

/** Lines of a block's inside: what fits in a line first, then texts of several lines, then blocks. */
export function bodyLines({ attributes, blocks = [] }: Omit<Block, 'name'>, depth: number): string[] {
  const written = attributes.flatMap(([name, value]) => (value === null || value === undefined ? [] : [[name, value] as const]))
  const long = written.filter(([, value]) => isLong(value))
  const short = written.filter(([, value]) => !isLong(value))
  const width = Math.max(0, ...short.map(([name]) => name.length))
  const lines = short.map(([name, value]) => `${indent(depth)}${name.padEnd(width)} = ${valueText(value)}`)
  for (const [name, value] of long) lines.push(...spaced(lines), ...heredoc(name, String(value), depth))
  for (const block of blocks) lines.push(...spaced(lines), ...blockLines(block, depth))
  return lines
}

function blockLines(block: Block, depth: number): string[] {
  return [`${indent(depth)}${block.name} {`, ...bodyLines(block, depth + 1), `${indent(depth)}}`]
}

/** A quoted text. What would be read as a value inside of it isn't. */
export function quoted(text: string): string {
  const escaped = text
    .replace(/\\/g, '\\\\')
    .replace(/"/g, '\\"')
    .replace(/\n/g, '\\n')
    .replace(/\r/g, '\\r')
    .replace(/\t/g, '\\t')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to be written otherwise.
    .replace(/[\u0000-\u001f\u007f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return `"${withoutTemplates(escaped)}"`
}

function withoutTemplates(text: string): string {
  return text.replace(/([$%])\{/g, '$1$1{')
}

function valueText(value: HclValue): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return `[${value.map(quoted).join(', ')}]`
}

/** A text that is better read as lines. Others of its characters only quotes can hold. */
function isLong(value: HclValue): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: see quoted().
  return typeof value === 'string' && value.includes('\n') && !/[\u0000-\u0009\u000b-\u001f\u007f]/.test(value)
}

function heredoc(name: string, text: string, depth: number): string[] {
  const lines = text.split('\n')
  let mark = 'EOT'
  while (lines.some((line) => line.trim() === mark)) mark += '_'
  const inside = lines.map((line) => (line === '' ? '' : `${indent(depth + 1)}${withoutTemplates(line)}`))
  return [`${indent(depth)}${name} = <<-${mark}`, ...inside, `${indent(depth)}${mark}`]
}

const indent = (depth: number): string => '  '.repeat(depth)
const spaced = (lines: readonly string[]): string[] => (lines.length === 0 ? [] : [''])
